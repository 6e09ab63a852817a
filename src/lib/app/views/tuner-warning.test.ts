import { expect, test } from 'vitest';
import type { PlanId } from '../../core/ids.ts';
import type { Setup, SetupRecord } from '../../core/setup.ts';
import type { MigrationPlan } from '../../migration/plan.ts';
import { setupWith } from '../../testing/setup-with.ts';
import type { ScheduledUpgrade } from '../scheduled-upgrade.ts';
import { tunerWarning } from './tuner-warning.ts';

const inUse = setupWith('1', '1');
const otherChat = setupWith('2', '1');
const otherEmbedding = setupWith('1', '2');
const quiet = { record: recordOf(inUse), target: null, scheduled: null };

function recordOf(current: Setup, previous: Setup | null = null): SetupRecord {
	const trial = previous && {
		planId: 'plan' as PlanId,
		previous,
		...{ startedAt: 1, keepUntil: 2, unprovenStarts: 0 }
	};
	return { id: 'active', version: 1, sequence: 1, current, since: 1, trial };
}

function scheduledTo(to: Setup): Pick<ScheduledUpgrade, 'plan' | 'when'> {
	return { plan: { to } as MigrationPlan, when: 'night' };
}

test('nothing is said while the chat engine stays', () => {
	expect(tunerWarning(quiet)).toBeNull();
	expect(tunerWarning({ ...quiet, record: null })).toBeNull();
});

test('an upgrade under way that replaces the chat engine is named, with what to do', () => {
	expect(tunerWarning({ ...quiet, target: otherChat })).toBe(
		'You are about to replace Scripted 1: an upgrade to Scripted 2 is under way. Finish it before you train an adapter, or train for Scripted 2.'
	);
});

test('one that is scheduled too, with its moment', () => {
	const warning = tunerWarning({ ...quiet, scheduled: scheduledTo(otherChat) });
	expect(warning).toContain('starts at night, between 23:00 and 6:00.');
	expect(warning).toContain('or train for Scripted 2.');
});

test('an engine on trial may go again', () => {
	const record = recordOf(otherChat, inUse);
	expect(tunerWarning({ ...quiet, record })).toBe(
		'Scripted 2 is on trial, and an undo brings Scripted 1 back. Keep it before you train an adapter for it.'
	);
});

test.each([
	['under way', { ...quiet, target: otherEmbedding }],
	['scheduled', { ...quiet, scheduled: scheduledTo(otherEmbedding) }],
	['on trial', { ...quiet, record: recordOf(otherEmbedding, inUse) }]
])('an upgrade of the embedding engine alone, %s, is no reason to wait', (_, situation) => {
	expect(tunerWarning(situation)).toBeNull();
});

test('what is under way goes before what is scheduled', () => {
	const warning = tunerWarning({
		...quiet,
		target: otherChat,
		scheduled: scheduledTo(setupWith('3', '1'))
	});
	expect(warning).toContain('Scripted 2');
	expect(warning).not.toContain('Scripted 3');
});
