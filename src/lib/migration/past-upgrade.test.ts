import { describe, expect, test } from 'vitest';
import { journalOf, verified } from '../testing/journal-of.ts';
import { MigrationWorld } from '../testing/migration-world.ts';
import type { JournalEvent } from './journal-entry.ts';
import { pastUpgrade } from './past-upgrade.ts';

const world = await MigrationWorld.create({}, 1);
const plan = world.plan();
const all = verified(...plan.steps.map(({ id }) => id));
const past = (...events: readonly JournalEvent[]) => pastUpgrade(journalOf(plan, ...events));
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
		const steps = past(
			{ type: 'step-started', step: 'snapshot' },
			{ type: 'paused' },
			{ type: 'resumed' },
			{ type: 'step-started', step: 'snapshot' },
			{ type: 'step-verified', step: 'snapshot', result: {} },
			{ type: 'step-started', step: 'download:new' }
		)!.steps;
		expect(steps.slice(0, 3).map(({ id, state, ms }) => [id, state, ms])).toEqual([
			['snapshot', 'done', 4],
			['download:new', 'running', null],
			['canary:embedding', 'pending', null]
		]);
	});

	test('are left out where the journal makes no sense', () => {
		const entries = journalOf(plan, { type: 'committed' });
		expect(pastUpgrade(entries)).toMatchObject({ outcome: 'kept', steps: [] });
	});
});

test('a journal without its plan is none', () => {
	expect(pastUpgrade(journalOf(plan, { type: 'paused' }).slice(1))).toBeNull();
});
