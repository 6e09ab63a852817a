import { beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '../../core/errors.ts';
import type { AdapterId, MessageId } from '../../core/ids.ts';
import { engineNamed, turnOf } from '../../testing/judged-answers.ts';
import { ManualClock } from '../../testing/manual-clock.ts';
import { MemoryRecordStore } from '../../testing/memory-record-store.ts';
import { mayBeJudged, PreferenceBook } from './preference-book.ts';

const [question, answer] = turnOf(0, 'What do bees eat?', 'Honey.', {
	sent: 'Passages:\n\n[1] Bees\nNectar.\n\nQuestion: What do bees eat?'
});
let clock: ManualClock;
let book: PreferenceBook;

beforeEach(() => {
	clock = new ManualClock(1000);
	book = new PreferenceBook(new MemoryRecordStore(), clock);
});

describe('a judgement', () => {
	test('notes who wrote the answer, and when it was judged', async () => {
		await book.judge(answer, [question], 'good');
		expect(await book.list()).toMatchObject([
			{ id: 'a0', conversation: 'c', at: 1000, engine: engineNamed('Llama'), extractive: false }
		]);
	});

	test('"good" is half a pair: what was chosen', async () => {
		await book.judge(answer, [question], 'good');
		expect(await book.list()).toMatchObject([
			{ verdict: 'good', chosen: 'Honey.', rejected: null }
		]);
	});

	test('"bad" is the other half: what was rejected', async () => {
		await book.judge(answer, [question], 'bad');
		expect(await book.list()).toMatchObject([{ verdict: 'bad', chosen: null, rejected: 'Honey.' }]);
	});

	test('takes the place of the one before', async () => {
		await book.judge(answer, [question], 'good');
		await book.rewrite(answer, [question], 'Honey and pollen.');
		await book.judge(answer, [question], 'bad');
		expect(await book.list()).toMatchObject([{ verdict: 'bad', chosen: null, rejected: 'Honey.' }]);
	});

	test('of the adapters that were on names them', async () => {
		const adapters = [{ id: 'ad1' as AdapterId, name: 'Brief', strength: 1 }];
		const provenance = { ...answer.provenance!, adapters };
		await book.judge({ ...answer, provenance }, [question], 'good');
		expect(await book.list()).toMatchObject([{ adapters: ['ad1'] }]);
	});

	test('is refused of what is no finished answer', async () => {
		const unfinished = (['streaming', 'stopped', 'interrupted', 'failed'] as const).map(
			(state) => ({
				...answer,
				state
			})
		);
		for (const message of [question, { ...answer, provenance: null }, ...unfinished]) {
			expect(mayBeJudged(message)).toBe(false);
			await expect(book.judge(message, [question], 'good')).rejects.toThrow(AppError);
		}
		expect(await book.list()).toEqual([]);
	});

	test('marks answers that only quote', async () => {
		const quoted = { ...answer, provenance: { ...answer.provenance!, extractive: true } };
		await book.judge(quoted, [question], 'good');
		expect(await book.list()).toMatchObject([{ extractive: true }]);
	});
});

describe('a rewrite', () => {
	test('is chosen, and the answer rejected: a whole pair', async () => {
		await book.rewrite(answer, [question], ' Nectar and pollen. ');
		expect(await book.list()).toMatchObject([
			{ verdict: 'rewritten', chosen: 'Nectar and pollen.', rejected: 'Honey.' }
		]);
		expect(await book.pairs()).toMatchObject([
			{ chosen: 'Nectar and pollen.', rejected: 'Honey.' }
		]);
	});

	test.each(['', '  ', 'Honey. '])('%j changes nothing', async (text) => {
		await book.judge(answer, [question], 'good');
		await book.rewrite(answer, [question], text);
		expect(await book.list()).toMatchObject([{ verdict: 'good' }]);
	});
});

describe('what was judged', () => {
	const id = 'a0' as MessageId;

	test('is listed with the newest first', async () => {
		const later = turnOf(1, 'And drink?', 'Water.');
		await book.judge(answer, [question], 'good');
		await clock.advance(10);
		await book.judge(later[1], [question, answer, later[0]], 'bad');
		expect((await book.list()).map((row) => row.id)).toEqual(['a1', 'a0']);
	});

	test('can be completed, and an answer emptied is missing', async () => {
		await book.judge(answer, [question], 'bad');
		await clock.advance(10);
		await book.edit(id, { chosen: 'Nectar.' });
		expect(await book.list()).toMatchObject([{ chosen: 'Nectar.', rejected: 'Honey.', at: 1010 }]);
		await book.edit(id, { chosen: ' ' });
		expect(await book.list()).toMatchObject([{ chosen: null, rejected: 'Honey.' }]);
	});

	test('can be asked otherwise, and what the engine was given follows', async () => {
		await book.judge(answer, [question], 'bad');
		await book.edit(id, { question: 'What do wasps eat?' });
		const [row] = await book.list();
		expect(row?.prompt.at(-1)?.content).toBe('What do wasps eat?');
		expect(row?.given?.at(-1)?.content).toBe(
			'Passages:\n\n[1] Bees\nNectar.\n\nQuestion: What do wasps eat?'
		);
	});

	test('cannot be edited once it is gone', async () => {
		await expect(book.edit(id, { chosen: 'x' })).rejects.toThrow(
			new AppError('storage/missing', { details: { what: 'the judgement' } }).message
		);
	});

	test('can be taken back, twice even, and put back unless it was judged anew', async () => {
		await book.judge(answer, [question], 'bad');
		const [row] = await book.list();
		await book.remove(id);
		await book.remove(id);
		expect(await book.list()).toEqual([]);
		await book.restore(row!);
		expect(await book.list()).toEqual([row]);
		await book.judge(answer, [question], 'good');
		await book.restore(row!);
		expect(await book.list()).toMatchObject([{ verdict: 'good' }]);
	});
});
