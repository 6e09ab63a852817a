import { beforeEach, describe, expect, test } from 'vitest';
import { ManualClock } from '../testing/manual-clock.ts';
import { MemoryRecordStore } from '../testing/memory-record-store.ts';
import { defaultPrompts, promptStore, TestPrompts } from './test-prompts.ts';

let records: MemoryRecordStore;
let prompts: TestPrompts;

beforeEach(() => {
	records = new MemoryRecordStore();
	prompts = new TestPrompts(records, new ManualClock(7));
});

const texts = async (): Promise<string[]> => (await prompts.list()).map(({ text }) => text);
const defaults = defaultPrompts.map(({ text }) => text);

describe('TestPrompts', () => {
	test('are five to begin with, and nothing is stored for that', async () => {
		expect(await prompts.list()).toEqual(defaultPrompts);
		expect(defaultPrompts).toHaveLength(5);
		expect(await records.count(promptStore)).toBe(0);
	});

	test('one that is added comes last, and the others stay', async () => {
		await prompts.add('  Who are you? ');
		await prompts.add('And I?');
		expect(await texts()).toEqual([...defaults, 'Who are you?', 'And I?']);
	});

	test('one that is changed keeps its place and its id', async () => {
		await prompts.edit('summary', 'In one sentence, please.');
		const [, second, third] = await prompts.list();
		expect(second).toEqual({ id: 'summary', text: 'In one sentence, please.' });
		expect(third).toEqual(defaultPrompts[2]);
	});

	test('one that is removed is gone, also where it was a default', async () => {
		await prompts.remove('facts');
		await prompts.remove('facts');
		expect(await texts()).toEqual(defaults.slice(1));
	});

	test('the order survives what is removed in between', async () => {
		await prompts.remove('form');
		await prompts.add('Last?');
		expect((await texts()).at(-1)).toBe('Last?');
	});

	test('the last one stays', async () => {
		for (const { id } of defaultPrompts) await prompts.remove(id);
		expect(await texts()).toEqual(defaults.slice(-1));
	});

	test('empty texts change nothing', async () => {
		await prompts.add('  ');
		await prompts.edit('facts', '');
		expect(await records.count(promptStore)).toBe(0);
	});

	test('the defaults come back', async () => {
		await prompts.add('Mine?');
		await prompts.remove('facts');
		await prompts.restoreDefaults();
		expect(await prompts.list()).toEqual(defaultPrompts);
	});
});
