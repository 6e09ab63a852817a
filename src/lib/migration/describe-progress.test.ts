import { describe, expect, test } from 'vitest';
import { journalOf, verified } from '../testing/journal-of.ts';
import { MigrationWorld } from '../testing/migration-world.ts';
import { describeProgress } from './describe-progress.ts';
import type { JournalEvent } from './journal-entry.ts';
import type { LiveProgress } from './migration-run.ts';

const plan = (await MigrationWorld.create({}, 1)).plan();
const view = (events: readonly JournalEvent[], live: LiveProgress | null = null) =>
	describeProgress(journalOf(plan, ...events), live);
const step = (shown: ReturnType<typeof view>, id: string) =>
	shown.steps.find((candidate) => candidate.id === id);

const beforeIndex = verified(
	'preflight',
	'snapshot',
	'download:new',
	'canary:embedding',
	'canary:chat'
);
const indexing: JournalEvent[] = [
	...beforeIndex,
	{ type: 'step-started', step: 'build-index' },
	{
		type: 'step-checkpoint',
		step: 'build-index',
		checkpoint: { embedded: 30, total: 40, existed: false, finished: false }
	}
];
const compared: JournalEvent[] = [
	...beforeIndex,
	{ type: 'step-started', step: 'build-index' },
	{ type: 'step-verified', step: 'build-index', result: { texts: 40, embedded: 40 } },
	{ type: 'step-started', step: 'compare' },
	{
		type: 'step-verified',
		step: 'compare',
		result: { passed: false, oldRecallAt10: 0.9, newRecallAt10: 0.555 }
	}
];
const trial: JournalEvent[] = [
	...compared,
	{ type: 'gate-overridden', reason: 'r' },
	{ type: 'step-started', step: 'switch' },
	{ type: 'step-verified', step: 'switch', result: { keepUntil: 99 } }
];
const back: JournalEvent = {
	type: 'rollback-requested',
	code: 'migration/stopped',
	message: 'Enough.'
};

describe('the steps', () => {
	test('have titles for people', () => {
		expect(view([]).steps.map(({ title }) => title)).toEqual([
			'Check that there is still room, and nothing has changed',
			'Save the present setup',
			'Download NEW',
			'Check NEW as embedding engine',
			'Check NEW as chat engine',
			'Re-embed your documents with NEW',
			'Compare the old and the new index',
			'Switch to the new setup'
		]);
	});

	test('are pending, running, done, failed and undone', () => {
		const failing: JournalEvent[] = [
			...verified('preflight', 'snapshot', 'download:new'),
			{ type: 'step-started', step: 'canary:embedding' },
			{
				type: 'step-failed',
				step: 'canary:embedding',
				code: 'engine/bad-output',
				message: 'Odd.'
			},
			back,
			{ type: 'undo-started', step: 'download:new' },
			{ type: 'undo-finished', step: 'download:new' }
		];
		expect(view(failing).steps.map(({ state }) => state)).toEqual([
			'done',
			'done',
			'undone',
			'failed',
			'pending',
			'pending',
			'pending',
			'pending'
		]);
		expect(step(view(failing), 'canary:embedding')?.detail).toBe('Odd.');
		expect(step(view(indexing), 'build-index')?.state).toBe('running');
	});

	test('tell how far they are, from live progress or else from the journal', () => {
		expect(step(view(indexing), 'build-index')?.detail).toBe('30 of 40 passages');
		const remaining = { low: 150_000, high: 290_000 };
		const live = {
			step: 'build-index',
			done: 35,
			total: 40,
			remaining,
			perSecond: 41.4,
			holding: null
		};
		expect(step(view(indexing, live), 'build-index')?.detail).toBe(
			'35 of 40 passages, 41/s, 2–5 minutes left'
		);
		const slow = { ...live, perSecond: 0.83, remaining: null };
		expect(step(view(indexing, slow), 'build-index')?.detail).toBe('35 of 40 passages, 0.8/s');
		const loading: JournalEvent[] = [
			...verified('preflight', 'snapshot'),
			{ type: 'step-started', step: 'download:new' }
		];
		const bytes = {
			step: 'download:new',
			done: 500_000,
			total: 2_000_000,
			remaining: null,
			perSecond: null,
			holding: null
		};
		expect(step(view(loading, bytes), 'download:new')?.detail).toBe('500 KB of 2.0 MB');
	});

	test('tell why they wait, and so does the upgrade', () => {
		const holding = 'Waiting for power: the battery is low.';
		const live = {
			step: 'build-index',
			done: 35,
			total: 40,
			remaining: null,
			perSecond: 9,
			holding
		};
		const shown = view(indexing, live);
		expect(step(shown, 'build-index')?.detail).toBe(`35 of 40 passages. ${holding}`);
		expect(shown.holding).toBe(holding);
		expect(view(indexing).holding).toBeNull();
		const notBegun = view(indexing, { ...live, done: 0, total: 0 });
		expect(step(notBegun, 'build-index')?.detail).toBe(holding);
	});

	test('name the passages that could not be embedded, until it is tried again', () => {
		const failed = [
			{ name: 'report.pdf', ordinal: 12, page: 3, reason: 'It is too long.' },
			{ name: 'notes.txt', ordinal: 0, page: null, reason: 'It is odd.' }
		];
		const checkpoint = { embedded: 37, total: 40, existed: false, finished: false };
		const failing: JournalEvent[] = [
			...indexing,
			{
				type: 'step-checkpoint',
				step: 'build-index',
				checkpoint: { ...checkpoint, failures: 3, failed }
			},
			{ type: 'step-failed', step: 'build-index', code: 'index/incomplete', message: 'Three.' },
			{ type: 'paused' }
		];
		expect(step(view(failing), 'build-index')?.problems).toEqual([
			'report.pdf, page 3: It is too long.',
			'notes.txt, passage 1: It is odd.',
			'And 1 more.'
		]);
		const again: JournalEvent = { type: 'step-checkpoint', step: 'build-index', checkpoint };
		expect(step(view([...failing, { type: 'resumed' }, again]), 'build-index')?.problems).toEqual(
			[]
		);
		expect(step(view(failing), 'compare')?.problems).toEqual([]);
	});

	test('tell what they found', () => {
		expect(step(view(compared), 'build-index')?.detail).toBe('40 passages');
		expect(step(view(compared), 'compare')?.detail).toBe('Finds 56% of the passages; before: 90%');
	});
});

describe('the phase', () => {
	test.each<[string, readonly JournalEvent[], string]>([
		['running', [], 'running'],
		['paused', [{ type: 'paused' }], 'paused'],
		['a decision about the gate', compared, 'waiting'],
		['the trial', trial, 'trial'],
		['Keep', [...trial, { type: 'kept' }], 'running'],
		['going back', [...trial, back], 'rolling-back'],
		['the end', [...trial, { type: 'kept' }, { type: 'committed' }], 'done']
	])('%s', (_, events, phase) => {
		expect(view(events).phase).toBe(phase);
	});

	test('says what is waited for, why it goes back, and how it ended', () => {
		expect(view(compared)).toMatchObject({ waitingFor: 'gate-decision', gatePassed: false });
		expect(view(trial)).toMatchObject({ keepUntil: 99, failure: null, outcome: null });
		expect(view([...trial, back]).failure).toEqual({
			code: 'migration/stopped',
			message: 'Enough.'
		});
		expect(view([back, { type: 'rolled-back' }]).outcome).toBe('rolled-back');
	});

	test('a failure that was resumed from is forgotten', () => {
		const failing: JournalEvent[] = [
			{ type: 'step-started', step: 'preflight' },
			{ type: 'step-failed', step: 'preflight', code: 'storage/quota', message: 'Full.' },
			{ type: 'paused' }
		];
		expect(view(failing).failure?.code).toBe('storage/quota');
		expect(view([...failing, { type: 'resumed' }]).failure).toBeNull();
	});
});

describe('the numbers', () => {
	test('the fraction grows from 0 to 1 with each step and within them', () => {
		const fractions = [
			view([]),
			view(verified('preflight')),
			view(beforeIndex),
			view(indexing),
			view(indexing, {
				step: 'build-index',
				done: 39,
				total: 40,
				remaining: null,
				perSecond: null,
				holding: null
			}),
			view(compared),
			view(trial)
		].map(({ fraction }) => fraction);
		expect(fractions[0]).toBe(0);
		expect(fractions.at(-1)).toBe(1);
		expect(new Set(fractions).size).toBe(fractions.length);
		expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
	});

	test('the texts are those of the plan, then of the journal', () => {
		expect(view([]).texts).toEqual({ done: 0, total: 40 });
		expect(view(indexing).texts).toEqual({ done: 30, total: 40 });
		expect(view(compared).texts).toEqual({ done: 40, total: 40 });
	});
});

test('the speed is that of the plan until another one is wanted', () => {
	expect(view([]).speed).toBe('full');
	expect(view([{ type: 'speed-set', speed: 'gentle' }]).speed).toBe('gentle');
});
