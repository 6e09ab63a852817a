import { expect, test } from 'vitest';
import type { SetupRecord, Trial } from '../core/setup.ts';
import { adapterIdOf } from '../testing/adapter-row-of.ts';
import { MigrationWorld } from '../testing/migration-world.ts';
import { adapterUsers } from './adapter-users.ts';

const adapter = adapterIdOf('lawyer');
const use = { adapter, strength: 1 };
const world = await MigrationWorld.create({}, 0);
const plan = world.plan();
const record = await world.record();
const on = { ...record.current, adapters: [use] };

function trialFrom(previous: Trial['previous']): SetupRecord {
	const trial = { planId: plan.id, previous, startedAt: 0, keepUntil: 1, unprovenStarts: 0 };
	return { ...record, trial };
}

test('an adapter that is on nowhere is needed by nobody', () => {
	expect(adapterUsers(record, adapter)).toEqual([]);
	expect(adapterUsers(trialFrom(record.current), adapter, plan)).toEqual([]);
	expect(adapterUsers({ ...record, current: on }, adapterIdOf('pirate'))).toEqual([]);
});

test('one that is on is needed by the chats', () => {
	expect(adapterUsers({ ...record, current: on }, adapter)).toEqual(['your chats']);
});

test('one that was on before the trial is needed for the way back', () => {
	expect(adapterUsers(trialFrom(on), adapter)).toEqual(['the way back from the upgrade on trial']);
	expect(adapterUsers({ ...trialFrom(on), current: on }, adapter)).toHaveLength(2);
});

test.each([
	['comes from it', { ...plan, from: on }],
	['leads to it', { ...plan, to: on }],
	[
		'tries it',
		world.plan({
			adapters: [{ use, name: 'lawyer', on: false, after: 'needs-check', reason: 'It is unknown.' }]
		})
	]
])('an upgrade under way needs one when it %s', (_, underWay) => {
	expect(adapterUsers(record, adapter, underWay)).toEqual(['the upgrade that is under way']);
	expect(adapterUsers(record, adapterIdOf('pirate'), underWay)).toEqual([]);
});
