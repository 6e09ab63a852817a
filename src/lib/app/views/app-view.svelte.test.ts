import { beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '../../core/errors.ts';
import type { PlanId } from '../../core/ids.ts';
import type { SetupRecord } from '../../core/setup.ts';
import { setupWith } from '../../testing/setup-with.ts';
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
	expect(view.updateOffered).toBe(false);
	view.showUpgrading(true);
	view.showUpdate();
	expect(view.updateOffered).toBe(false);
	view.showUpgrading(false);
	expect(view.updateOffered).toBe(true);
});

test('an error stays until it is dismissed, and what was stopped is none', () => {
	view.showError(new AppError('storage/quota'));
	expect(view.error?.code).toBe('storage/quota');
	view.dismissError();
	expect(view.error).toBeNull();
	view.showError(new AppError('cancelled'));
	expect(view.error).toBeNull();
});
