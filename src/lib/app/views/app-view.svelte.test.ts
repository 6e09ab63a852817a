import { beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '../../core/errors.ts';
import type { AdapterId, PlanId } from '../../core/ids.ts';
import type { SetupRecord } from '../../core/setup.ts';
import { scriptedChoice, setupWith } from '../../testing/setup-with.ts';
import type { EngineRole } from '../engine-pool.ts';
import type { LoadMark } from '../load-mark.ts';
import { AppView } from './app-view.svelte.ts';

const settled: SetupRecord = {
	...{ id: 'active', version: 1, sequence: 1, since: 0, trial: null },
	current: setupWith('2', '2')
};
const onTrial: SetupRecord = {
	...settled,
	trial: {
		planId: 'plan' as PlanId,
		previous: setupWith('1', '1'),
		startedAt: 0,
		keepUntil: 1,
		unprovenStarts: 0
	}
};

const mark = (role: EngineRole, revision: string): LoadMark => ({
	...{ role, session: 'session', counted: false, at: 0 },
	choice: scriptedChoice(revision)
});

let view: AppView;

beforeEach(() => {
	view = new AppView();
});

/** The app in a tab that leads and has read everything. */
function started(setup: SetupRecord): void {
	view.showRole('leading');
	view.showSetup(setup);
	view.showStarted();
}

describe('the engine', () => {
	test('is loading until the app has started, then ready', () => {
		expect(view.engineState).toBe('loading');
		started(settled);
		expect(view.engineState).toBe('ready');
	});

	test('is loading while one of the two loads, and ready while it answers', () => {
		started(settled);
		view.showStatus('embedding', 'loading');
		view.showStatus('chat', 'ready');
		expect(view.engineState).toBe('loading');
		view.showStatus('embedding', 'ready');
		view.showStatus('chat', 'busy');
		expect(view.engineState).toBe('ready');
	});

	test('is ready in a tab that follows, which loads none', () => {
		view.showRole('following');
		expect(view.engineState).toBe('ready');
	});

	test('answers with the adapters of the setup, which say nothing of an engine in its place', () => {
		expect(view.adaptersOn).toBe(0);
		const adapters = ['pirate', 'poet'].map((id) => ({ adapter: id as AdapterId, strength: 1 }));
		started({ ...settled, current: { ...settled.current, adapters } });
		expect(view.adaptersOn).toBe(2);
		view.showStandIn(scriptedChoice('1'));
		expect(view.adaptersOn).toBe(0);
		view.showStandIn(null);
		view.showSetup(settled);
		expect(view.adaptersOn).toBe(0);
	});

	test('is on trial until Keep or Undo', () => {
		started(onTrial);
		expect(view.engineState).toBe('trial');
		view.showSetup(settled);
		expect(view.engineState).toBe('ready');
	});

	test.each(['failed', 'lost'] as const)('is degraded when one has %s, trial or not', (status) => {
		started(onTrial);
		view.showStatus('chat', 'loading');
		view.showStatus('embedding', status);
		expect(view.engineState).toBe('degraded');
		view.showStatus('embedding', 'ready');
		expect(view.engineState).toBe('loading');
	});

	test('is upgrading before everything else', () => {
		started(onTrial);
		view.showStatus('chat', 'failed');
		view.showUpgrading(true);
		expect(view.engineState).toBe('upgrading');
		view.showUpgrading(false);
		expect(view.engineState).toBe('degraded');
	});

	test('has the name of the chat model, or the app’s before it is known', () => {
		expect(view.engineName).toBe('SAM');
		view.showSetup(settled);
		expect(view.engineName).toBe('Scripted 2');
	});
});

describe('an engine that stands in for that of the setup', () => {
	test('is named, and what it stands in for', () => {
		started(settled);
		view.showStatus('chat', 'ready');
		view.showStandIn(scriptedChoice('1'));
		expect([view.engineState, view.engineName]).toEqual(['degraded', 'Scripted 1']);
		expect(view.degradation).toBe('instead of Scripted 2');
		view.showStandIn(null);
		expect([view.engineState, view.engineName]).toEqual(['ready', 'Scripted 2']);
		expect(view.degradation).toBeNull();
	});

	test('is forgotten in a tab that no longer leads', () => {
		started(settled);
		view.showStandIn(scriptedChoice('1'));
		view.showHeldBack([mark('chat', '2')]);
		view.showRole('following');
		expect([view.engineState, view.engineName, view.heldBack]).toEqual(['ready', 'Scripted 2', []]);
	});
});

test('an embedding engine that failed leaves the search by keywords', () => {
	started(settled);
	view.showStatus('embedding', 'failed');
	expect(view.degradation).toBe('search by keywords');
});

describe('safe mode', () => {
	test('says what happened and what answers instead, once that is loaded', () => {
		started(settled);
		view.showHeldBack([mark('chat', '2')]);
		expect(view.engineState).toBe('degraded');
		const closed = 'The tab closed unexpectedly while Scripted 2 was being loaded.';
		expect(view.heldBack).toMatchObject([{ role: 'chat', text: closed, undoable: false }]);
		view.showStandIn(scriptedChoice('1'));
		expect(view.heldBack[0]?.text).toBe(`${closed} SAM started with Scripted 1 instead.`);
		view.showHeldBack([]);
		expect(view.heldBack).toEqual([]);
	});

	test('can be undone while its engine is on trial', () => {
		started(onTrial);
		view.showHeldBack([mark('chat', '2'), mark('chat', '3')]);
		expect(view.heldBack.map(({ undoable }) => undoable)).toEqual([true, false]);
	});

	test('of the embedding engine leaves the one before, or the keywords', () => {
		started(onTrial);
		view.showHeldBack([mark('embedding', '2')]);
		expect(view.heldBack[0]?.text).toContain('SAM searches with Scripted 1 instead.');
		expect(view.degradation).toBeNull();
		view.showSetup(settled);
		expect(view.heldBack[0]?.text).toContain('SAM searches by keywords alone.');
		expect(view.degradation).toBe('search by keywords');
	});

	test('of an engine that one chat tried leaves that of the setup', () => {
		started(settled);
		view.showHeldBack([mark('chat', '3')]);
		expect(view.heldBack[0]?.text).toContain('SAM started with Scripted 2 instead.');
	});
});

test('a tab that no longer leads has to start again before it can be used', () => {
	started(settled);
	view.showRole('following');
	expect(view.started).toBe(false);
	view.showRole('leading');
	expect([view.started, view.engineState]).toEqual([false, 'loading']);
	view.showStarted();
	expect(view.started).toBe(true);
});

test('an update is offered when one waits, and held back during an upgrade', () => {
	expect(view.update).toBeNull();
	view.showUpgrading(true);
	expect(view.update).toBeNull();
	view.showUpdate();
	expect(view.update).toBe('held');
	view.showUpgrading(false);
	expect(view.update).toBe('offered');
});

test('once a newer version has taken over, that alone is told', () => {
	view.showError(new AppError('storage/quota'));
	view.showOutdated();
	expect([view.outdated, view.error]).toEqual([true, null]);
	view.showError(new AppError('storage/version-newer'));
	expect(view.error).toBeNull();
});

test('an error stays until it is dismissed, and what was stopped is none', () => {
	view.showError(new AppError('storage/quota'));
	expect(view.error?.code).toBe('storage/quota');
	view.dismissError();
	expect(view.error).toBeNull();
	view.showError(new AppError('cancelled'));
	expect(view.error).toBeNull();
});

test.each([
	['neither engine', 'scripted', 'scripted', false],
	['the chat engine', 'remote', 'scripted', true],
	['the embedding engine', 'scripted', 'remote', true]
])('says that something leaves this device when %s is on a server', (_, chat, embedding, away) => {
	expect(view.leavesDevice).toBe(false);
	const { current } = settled;
	const next = {
		...current,
		chat: { ...current.chat, engine: chat },
		embedding: { ...current.embedding, engine: embedding }
	};
	view.showSetup({ ...settled, current: next });
	expect(view.leavesDevice).toBe(away);
});
