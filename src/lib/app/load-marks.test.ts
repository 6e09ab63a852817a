import { beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '../core/errors.ts';
import type { AdapterId } from '../core/ids.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { MemoryRecordStore } from '../testing/memory-record-store.ts';
import { MemorySessionNotes } from '../testing/memory-session-notes.ts';
import { scriptedChoice } from '../testing/setup-with.ts';
import { loadMarkStore, type LoadMark } from './load-mark.ts';
import { LoadMarks } from './load-marks.ts';

const [one, two] = [scriptedChoice('1'), scriptedChoice('2')];
let records: MemoryRecordStore;
let clock: ManualClock;
let tab: MemorySessionNotes;
let marks: LoadMarks;

beforeEach(() => {
	records = new MemoryRecordStore();
	clock = new ManualClock(5000);
	tab = new MemorySessionNotes();
	marks = new LoadMarks({ records, clock, sessions: tab });
});

const stored = () => records.list(loadMarkStore);

/** What the next tab finds that takes the lead, given time for the notes to arrive. */
async function nextTab(): Promise<readonly LoadMark[]> {
	const next = new LoadMarks({ records, clock, sessions: tab.anotherTab() });
	const found = next.ofEarlierTabs();
	await clock.advance(500);
	return (await found).dead;
}

describe('a mark', () => {
	test('is on disk while an engine loads, and no longer', async () => {
		await marks.begin('chat', one, false);
		expect(await stored()).toEqual([
			{ role: 'chat', choice: one, session: tab.session, counted: false, at: 5000 }
		]);
		await marks.end('chat', one);
		expect(await stored()).toEqual([]);
	});

	test('tells with which adapters it is loaded', async () => {
		const adapters = [{ adapter: 'style' as AdapterId, strength: 1 }];
		await marks.begin('chat', one, true, adapters);
		expect(await stored()).toMatchObject([{ counted: true, adapters }]);
		await marks.begin('chat', one, true);
		expect(await stored()).not.toMatchObject([{ adapters }]);
	});

	test('is one for each engine and role', async () => {
		await marks.begin('chat', one, false);
		await marks.begin('chat', two, false);
		await marks.begin('embedding', one, false);
		await marks.end('chat', one);
		expect((await stored()).map(({ role, choice }) => `${role} ${choice.name}`)).toEqual([
			'chat Scripted 2',
			'embedding Scripted 1'
		]);
	});

	test('stays while a second load of the same engine goes on', async () => {
		await marks.begin('chat', one, false);
		await marks.begin('chat', one, false);
		await marks.end('chat', one);
		expect(await stored()).toHaveLength(1);
		await marks.end('chat', one);
		expect(await stored()).toEqual([]);
	});

	test('that cannot be written keeps nothing from being loaded', async () => {
		records.commit = () => Promise.reject(new AppError('storage/quota'));
		await expect(marks.begin('chat', one, false)).resolves.toBeUndefined();
		await expect(marks.end('chat', one)).resolves.toBeUndefined();
	});
});

describe('the next tab', () => {
	test('finds the mark of a tab that died, again and again, until it is forgotten', async () => {
		await marks.begin('chat', one, false);
		const [mark] = await nextTab();
		expect(mark).toMatchObject({ role: 'chat', choice: one });
		expect(await nextTab()).toHaveLength(1);
		await marks.forget(mark ? [mark] : []);
		expect(await nextTab()).toEqual([]);
	});

	test('drops the mark of a tab that was closed or reloaded', async () => {
		await marks.begin('chat', one, false);
		tab.end();
		expect(await nextTab()).toEqual([]);
		expect(await stored()).toEqual([]);
	});

	test('waits a moment for the note of a tab that has just been closed', async () => {
		await marks.begin('chat', one, false);
		const next = new LoadMarks({ records, clock, sessions: tab.anotherTab() });
		const found = next.ofEarlierTabs();
		await clock.advance(499);
		tab.end();
		await clock.advance(1);
		expect(await found).toMatchObject({ dead: [], cutShort: [{ choice: one }] });
	});

	test('does not wait where there is nothing to find', async () => {
		await marks.ofEarlierTabs();
		expect(clock.sleeping).toBe(0);
	});

	test('knows the dead from those that ended well', async () => {
		await marks.begin('chat', one, false);
		const other = tab.anotherTab();
		await new LoadMarks({ records, clock, sessions: other }).begin('embedding', two, false);
		other.end();
		expect((await nextTab()).map(({ role }) => role)).toEqual(['chat']);
		expect(await stored()).toHaveLength(1);
	});

	test('that is the same one, leading again, has not died', async () => {
		await marks.begin('chat', one, false);
		expect((await marks.ofEarlierTabs()).dead).toEqual([]);
		expect(await stored()).toEqual([]);
	});

	test('leaves no note behind of the tabs that have ended', async () => {
		tab.end();
		await nextTab();
		expect(tab.anotherTab().endedWell(tab.session)).toBe(false);
	});
});
