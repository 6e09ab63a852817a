import { describe, expect, test } from 'vitest';
import { adapterCheck, adapterRow } from '../testing/adapter-row.ts';
import { scriptedChoice } from '../testing/setup-with.ts';
import { adapterState, type AdapterSituation } from './adapter-state.ts';

const off: AdapterSituation = {
	row: adapterRow('bees'),
	chat: scriptedChoice('1'),
	verdict: { state: 'fits', reason: 'It was made for Scripted 1.' },
	on: false,
	check: null,
	supported: true,
	upgrading: false
};
const wanted = adapterRow('bees', { wanted: true });
const misfit = { state: 'no', reason: 'It has other sizes.' } as const;
const same = adapterCheck('bees', { result: 'same', reason: 'It changes nothing here.' });

describe('an adapter that is on', () => {
	const on = { ...off, on: true, row: wanted };

	test('is active, and the engine is named', () => {
		expect(adapterState(on)).toEqual({
			state: 'active',
			reason: 'Scripted 1 answers with it.'
		});
	});

	test('says so when its strength makes it do nothing', () => {
		const row = adapterRow('bees', { wanted: true, strength: 0 });
		expect(adapterState({ ...on, row }).reason).toBe(
			'At strength 0, Scripted 1 answers as without it.'
		);
	});

	test('says so when it was tried and changed nothing', () => {
		expect(adapterState({ ...on, check: same }).reason).toBe('It changes nothing here.');
	});
});

test('an adapter that has failed is not active, though an upgrade keeps it in the setup', () => {
	const check = adapterCheck('bees', { result: 'failed', reason: misfit.reason });
	const { state, reason } = adapterState({
		...{ ...off, on: true, row: wanted, verdict: misfit },
		...{ check, upgrading: true }
	});
	expect(state).toBe('inactive');
	expect(reason).toMatch(/^It has other sizes\./);
});

describe('an adapter that is off', () => {
	test('tells that it fits', () => {
		expect(adapterState(off)).toEqual({ state: 'off', reason: 'It was made for Scripted 1.' });
	});

	test('waits for the end of an upgrade when it is wanted', () => {
		const { state, reason } = adapterState({ ...off, row: wanted, upgrading: true });
		expect([state, reason]).toEqual(['off', 'It comes on as soon as the upgrade is over.']);
	});

	test('must be tried first where nobody knows whether it fits', () => {
		const verdict = { state: 'needs-check', reason: 'Its base is not known.' } as const;
		expect(adapterState({ ...off, row: wanted, verdict })).toEqual({
			state: 'needs-check',
			reason: 'Its base is not known.'
		});
	});
});

describe('an adapter that does not fit is kept, and told', () => {
	test('why, and what brings it back by itself', () => {
		expect(adapterState({ ...off, row: wanted, verdict: misfit })).toEqual({
			state: 'inactive',
			reason:
				'It has other sizes. It is kept, and comes on again by itself when Scripted 1 is the chat engine.'
		});
	});

	test('that it comes on, where it has never been tied to a model', () => {
		const base = { name: 'tests/bees', identity: null, model: null };
		const row = adapterRow('bees', { wanted: true, base });
		expect(adapterState({ ...off, row, verdict: misfit }).reason).toBe(
			'It has other sizes. It is kept, and comes on by itself when tests/bees is the chat engine.'
		);
	});

	test('shortly, where the engine takes none: why not is told once for all', () => {
		const verdict = { state: 'no', reason: 'A long story.' } as const;
		expect(adapterState({ ...off, verdict, supported: false }).reason).toMatch(
			/^Scripted 1 cannot take adapters\. It is kept/
		);
	});

	test.each([
		[{ name: 'tests/bees', identity: null, model: null }, 'when tests/bees is the chat engine'],
		[{ name: '', identity: null, model: null }, 'with the model that it was made for']
	])('what it needs, as far as it is known: %j', (base, way) => {
		const { reason } = adapterState({ ...off, row: adapterRow('bees', { base }), verdict: misfit });
		expect(reason).toBe(`It has other sizes. It is kept, and can be switched on ${way}.`);
	});
});
