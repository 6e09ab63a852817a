import { describe, expect, test } from 'vitest';
import type { GenerateDelta } from './base-model-engine.ts';
import { cutAtStop } from './cut-at-stop.ts';
import type { GenerateOutcome } from './generation-meter.ts';

interface Read {
	readonly deltas: GenerateDelta[];
	readonly outcome: GenerateOutcome;
}

/** What an engine yields, with a note of whether it was ended before its own end. */
function source(
	pieces: readonly (string | GenerateDelta)[],
	outcome: GenerateOutcome = { reason: 'length' }
) {
	const seen = { taken: 0, closed: false };
	async function* deltas(): AsyncGenerator<GenerateDelta, GenerateOutcome> {
		try {
			for (const piece of pieces) {
				seen.taken++;
				yield typeof piece === 'string' ? { type: 'text-delta', text: piece } : piece;
			}
			return outcome;
		} finally {
			seen.closed = true;
		}
	}
	return { seen, deltas: deltas() };
}

async function read(stream: AsyncGenerator<GenerateDelta, GenerateOutcome>): Promise<Read> {
	const deltas: GenerateDelta[] = [];
	for (;;) {
		const next = await stream.next();
		if (next.done) return { deltas, outcome: next.value };
		deltas.push(next.value);
	}
}

function textOf({ deltas }: Read): string {
	return deltas.map((delta) => (delta.type === 'text-delta' ? delta.text : '')).join('');
}

/** Every way to cut a text into pieces, none of them empty. */
function splits(text: string): string[][] {
	if (text.length <= 1) return [[text]];
	return splits(text.slice(1)).flatMap(([first = '', ...rest]) => [
		[text[0]!, first, ...rest],
		[text[0]! + first, ...rest]
	]);
}

describe('cutAtStop, however the text comes in pieces,', () => {
	test.each<[text: string, stops: string[], kept: string]>([
		['one STOP two', ['STOP'], 'one '],
		['STOP', ['STOP'], ''],
		['aSTOSTOPb', ['STOP'], 'aSTO'],
		['aaab', ['aab'], 'a'],
		['ababac', ['abac'], 'ab'],
		['one two', ['two', 'one'], ''],
		['abcd', ['abcd', 'bc'], 'a'],
		['xabc', ['bc', 'abc'], 'x'],
		['xabc', ['abc', 'bc'], 'x'],
		['a\n\nb', ['\n\n'], 'a'],
		['so 🙂🙃!', ['🙃'], 'so 🙂']
	])('%j with %j keeps %j', async (text, stops, kept) => {
		for (const pieces of splits(text)) {
			const { deltas, seen } = source(pieces);
			const result = await read(cutAtStop(deltas, stops));
			expect(textOf(result)).toBe(kept);
			expect(result.outcome.reason).toBe('stop');
			expect(seen.closed).toBe(true);
		}
	});

	test.each<[text: string, stops: string[]]>([
		['nothing here', ['STOP']],
		['it ends in STO', ['STOP']],
		['aabaab', ['aac', 'abb']],
		['', ['x']]
	])('%j, which holds none of %j, comes whole', async (text, stops) => {
		for (const pieces of splits(text)) {
			const result = await read(cutAtStop(source(pieces).deltas, stops));
			expect(textOf(result)).toBe(text);
			expect(result.outcome).toEqual({ reason: 'length' });
		}
	});
});

describe('cutAtStop', () => {
	test.each([[undefined], [[]], [['']]])('with %j changes nothing', async (stops) => {
		const outcome = { reason: 'length', promptTokens: 4 } as const;
		const result = await read(cutAtStop(source(['a', '', 'b'], outcome).deltas, stops));
		expect(result).toEqual({
			deltas: ['a', '', 'b'].map((text) => ({ type: 'text-delta', text })),
			outcome
		});
	});

	test('holds back no more than may begin a stop string', async () => {
		const result = await read(cutAtStop(source(['a S', 'T', 'x ', 'S', 'q']).deltas, ['STOP']));
		expect(result.deltas.map(({ text }) => text)).toEqual(['a ', 'STx ', 'Sq']);
	});

	test('takes nothing more from the source once it has stopped', async () => {
		const { deltas, seen } = source(['a', 'STOP', 'b', 'c']);
		await read(cutAtStop(deltas, ['STOP']));
		expect(seen).toEqual({ taken: 2, closed: true });
	});

	test('lets reasoning pass, whatever is written in it', async () => {
		const thought: GenerateDelta = { type: 'reasoning-delta', text: 'STOP or not' };
		const result = await read(cutAtStop(source([thought, 'an', 'swer']).deltas, ['STOP']));
		expect(result.deltas[0]).toBe(thought);
		expect(textOf(result)).toBe('answer');
	});

	test('finds a stop string that reasoning has cut in two', async () => {
		const thought: GenerateDelta = { type: 'reasoning-delta', text: 'hm' };
		const result = await read(cutAtStop(source(['an ST', thought, 'OP!']).deltas, ['STOP']));
		expect(textOf(result)).toBe('an ');
	});

	test('counts the pieces that it took where the source tells no counts', async () => {
		const result = await read(cutAtStop(source(['a', 'ST', 'OP', 'b']).deltas, ['STOP']));
		expect(result.outcome).toEqual({ reason: 'stop', completionTokens: 3 });
	});

	test('keeps the counts of a source that tells them when it is ended', async () => {
		async function* counting(): AsyncGenerator<GenerateDelta, GenerateOutcome> {
			yield { type: 'text-delta', text: 'a STOP' };
			return { reason: 'length' };
		}
		const deltas = counting();
		const inner = deltas.return.bind(deltas);
		deltas.return = async (value) => {
			await inner(value);
			return { done: true, value: { reason: 'cancelled', promptTokens: 7, completionTokens: 9 } };
		};
		const { outcome } = await read(cutAtStop(deltas, ['STOP']));
		expect(outcome).toEqual({ reason: 'stop', promptTokens: 7, completionTokens: 9 });
	});

	test('ends the source when its own reader walks away', async () => {
		const { deltas, seen } = source(['a', 'b', 'c']);
		for await (const delta of cutAtStop(deltas, ['STOP'])) {
			expect(delta).toMatchObject({ text: 'a' });
			break;
		}
		expect(seen).toEqual({ taken: 1, closed: true });
	});

	test('gives what it held back before it passes an error on', async () => {
		async function* failing(): AsyncGenerator<GenerateDelta, GenerateOutcome> {
			yield { type: 'text-delta', text: 'a ST' };
			throw new Error('shader crashed');
		}
		const seen: string[] = [];
		const reading = (async () => {
			for await (const { text } of cutAtStop(failing(), ['STOP'])) seen.push(text);
		})();
		await expect(reading).rejects.toThrow('shader crashed');
		expect(seen).toEqual(['a ', 'ST']);
	});
});
