import { beforeEach, describe, expect, test } from 'vitest';
import type { Sha256 } from '../core/ids.ts';
import type { EmbeddableText } from '../knowledge/knowledge-api.ts';
import { TextWindow } from './text-window.ts';

let missing: EmbeddableText[];
let limits: number[];
let window: TextWindow;

const text = (name: string, length = 10): EmbeddableText => ({
	textHash: name as Sha256,
	text: name.padEnd(length, '.')
});

beforeEach(() => {
	missing = [];
	limits = [];
	window = new TextWindow(async (limit) => {
		limits.push(limit);
		return missing.slice(0, limit);
	});
});

const some = (count: number) => (): number => count;

/** Stores them: the index lacks them no more. */
function store(texts: readonly EmbeddableText[]): void {
	missing = missing.filter((it) => !texts.includes(it));
	window.stored(texts);
}

/** All that comes, in batches of that size, each stored before the next is taken. */
async function drain(size: number): Promise<EmbeddableText[][]> {
	const batches: EmbeddableText[][] = [];
	for (;;) {
		const batch = await window.take(some(size));
		if (batch.length === 0) return batches;
		batches.push(batch);
		store(batch);
	}
}

describe('TextWindow', () => {
	test('gives out each text once, those of like length together', async () => {
		missing = Array.from({ length: 30 }, (_, at) => text(`t${at}`, 10 + ((at * 7) % 30)));
		const all = [...missing];
		const batches = await drain(8);
		expect(batches.map(({ length }) => length)).toEqual([8, 8, 8, 6]);
		const lengths = batches.flat().map((it) => it.text.length);
		expect(lengths).toEqual([...lengths].sort((a, b) => a - b));
		expect(new Set(batches.flat())).toEqual(new Set(all));
	});

	test('asks how many to give by the lengths that there are, ascending', async () => {
		missing = [text('b', 30), text('a', 20)];
		let heard: readonly number[] = [];
		await window.take((lengths) => {
			heard = lengths;
			return 1;
		});
		expect(heard).toEqual([20, 30]);
	});

	test('does not give out again what is taken and not stored yet', async () => {
		missing = [text('a'), text('b')];
		const [first] = await window.take(some(1));
		const [second] = await window.take(some(1));
		expect([first?.textHash, second?.textHash]).toEqual(['a', 'b']);
		expect(await window.take(some(1))).toEqual([]);
	});

	test('gives out next what was given back', async () => {
		missing = [text('a', 10), text('b', 20), text('c', 30)];
		const batch = await window.take(some(2));
		window.giveBack(batch);
		expect(await window.take(some(3))).toEqual([text('a', 10), text('b', 20), text('c', 30)]);
	});

	test('gives out what comes after it was empty', async () => {
		missing = [text('a')];
		await drain(8);
		missing = [text('late')];
		expect(await window.take(some(1))).toEqual([text('late')]);
	});

	test('gives out every one of many, and asks for few at a time', async () => {
		missing = Array.from({ length: 5000 }, (_, at) => text(`t${at}`, 10 + (at % 50)));
		const given = (await drain(32)).flat();
		expect(new Set(given).size).toBe(5000);
		expect(Math.max(...limits)).toBeLessThanOrEqual(3 * 512);
	});

	test('reads the next texts before those that it has are used up', async () => {
		missing = Array.from({ length: 600 }, (_, at) => text(`t${at}`));
		await window.take(some(100));
		expect(limits).toHaveLength(1);
		await window.take(some(200));
		expect(limits).toHaveLength(2);
	});

	test('fails when texts cannot be read, whoever takes next', async () => {
		let fails = false;
		window = new TextWindow(() =>
			fails
				? Promise.reject(new Error('gone'))
				: Promise.resolve(Array.from({ length: 300 }, (_, at) => text(`t${at}`)))
		);
		await window.take(some(10));
		fails = true;
		await window.take(some(200));
		await window.take(some(200));
		await expect(window.take(some(1))).rejects.toThrow('gone');
	});
});
