import { describe, expect, test } from 'vitest';
import { journalOf, verified } from '../testing/journal-of.ts';
import { MigrationWorld } from '../testing/migration-world.ts';
import type { JournalEvent } from './journal-entry.ts';
import { pastDetails, pastUpgrade } from './past-upgrade.ts';

const world = await MigrationWorld.create({}, 1);
const plan = world.plan();
const all = verified(...plan.steps.map(({ id }) => id));
const past = (...events: readonly JournalEvent[]) => pastUpgrade(journalOf(plan, ...events));
const details = (...events: readonly JournalEvent[]) => pastDetails(journalOf(plan, ...events));
const back = (by?: 'user' | 'automatic'): JournalEvent => ({
	type: 'rollback-requested',
	code: 'migration/gate-failed',
	message: 'It finds less.',
	...(by ? { by } : {})
});

describe('how it ended, and who decided', () => {
	test.each([
		[
			'kept by the user',
			[...all, { type: 'kept', by: 'user' }, { type: 'committed' }],
			'kept',
			'user'
		],
		[
			'kept when the trial ran out',
			[...all, { type: 'kept', by: 'automatic' }, { type: 'committed' }],
			'kept',
			'automatic'
		],
		['kept by an earlier version', [...all, { type: 'kept' }, { type: 'committed' }], 'kept', null],
		['undone by the user', [back('user'), { type: 'rolled-back' }], 'undone', 'user'],
		['given up by itself', [back('automatic'), { type: 'rolled-back' }], 'undone', 'automatic'],
		['going back', [back('user')], 'under way', null],
		['on trial', all, 'under way', null]
	] as const)('%s', (_, events, outcome, decidedBy) => {
		expect(past(...events)).toMatchObject({ outcome, decidedBy });
	});

	test('with the reason for going back, and the time', () => {
		expect(past(back('user'), { type: 'rolled-back' })).toMatchObject({
			reason: 'It finds less.',
			endedAt: 1002
		});
		expect(past(...all)).toMatchObject({ reason: null, endedAt: null });
	});
});

describe('its steps', () => {
	test('tell how long each took, interruptions included', () => {
		const { steps } = details(
			{ type: 'step-started', step: 'preflight' },
			{ type: 'paused' },
			{ type: 'resumed' },
			{ type: 'step-started', step: 'preflight' },
			{ type: 'step-verified', step: 'preflight', result: {} },
			{ type: 'step-started', step: 'snapshot' }
		);
		expect(steps.slice(0, 3).map(({ id, state, ms }) => [id, state, ms])).toEqual([
			['preflight', 'done', 4],
			['snapshot', 'running', null],
			['download:new', 'pending', null]
		]);
	});

	test('are left out where the journal makes no sense', () => {
		const entries = journalOf(plan, { type: 'committed' });
		expect(pastUpgrade(entries)).toMatchObject({ outcome: 'kept' });
		expect(pastDetails(entries)).toEqual({ steps: [], decisions: [] });
	});

	test('name the passages that could not be embedded', () => {
		const message = 'page 3 of boiler.pdf: not finite';
		const { steps } = details(
			{ type: 'step-started', step: 'preflight' },
			{ type: 'step-failed', step: 'preflight', code: 'index/incomplete', message }
		);
		expect(steps[0]).toMatchObject({ state: 'failed', detail: message, problems: [] });
	});
});

test('all that was decided is told in its order, with reasons and times', () => {
	const { decisions } = details(
		{ type: 'speed-set', speed: 'gentle' },
		...all,
		{ type: 'paused' },
		{ type: 'resumed' },
		{ type: 'gate-overridden', reason: 'I looked at it myself.' },
		{ type: 'switch-approved' },
		{ type: 'extension-wanted', keepUntil: Date.UTC(2026, 0, 2) },
		{ type: 'extended' },
		back('user')
	);
	expect(decisions[0]).toEqual({ at: 1001, text: 'The speed was set: gentle.' });
	expect(decisions.slice(1).map(({ text }) => text)).toEqual([
		'Paused.',
		'Resumed.',
		'The quality gate was overridden: I looked at it myself.',
		'The switch was approved.',
		'The previous setup is to be kept until 2026-01-02T00:00:00.000Z.',
		'Going back: It finds less. (migration/gate-failed)'
	]);
});

test('a journal without its plan is none', () => {
	expect(pastUpgrade(journalOf(plan, { type: 'paused' }).slice(1))).toBeNull();
});
