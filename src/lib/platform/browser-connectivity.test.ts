import { expect, test, vi } from 'vitest';
import { describeConnectivity } from '../testing/contracts/connectivity.ts';
import { BrowserConnectivity } from './browser-connectivity.ts';

/** A global scope whose network can be cut; it counts who listens. */
class FakeScope extends EventTarget {
	readonly navigator = { onLine: true };
	listeners = 0;
	/** As a worker of Chromium, which hears nothing. */
	silent = false;

	override addEventListener(type: string, listener: EventListener): void {
		this.listeners++;
		super.addEventListener(type, listener);
	}

	override removeEventListener(type: string, listener: EventListener): void {
		this.listeners--;
		super.removeEventListener(type, listener);
	}

	setOnline(online: boolean): void {
		this.navigator.onLine = online;
		if (this.silent) return;
		this.dispatchEvent(new Event(online ? 'online' : 'offline'));
	}
}

describeConnectivity('BrowserConnectivity in a made-up scope', () => {
	const scope = new FakeScope();
	return {
		connectivity: new BrowserConnectivity(scope),
		setOnline: (online) => scope.setOnline(online)
	};
});

test('listens only while somebody waits', async () => {
	const scope = new FakeScope();
	const connectivity = new BrowserConnectivity(scope);
	scope.setOnline(false);
	const controller = new AbortController();
	const given = connectivity.whenOnline(controller.signal).catch(() => 'given up');
	const back = connectivity.whenOnline(new AbortController().signal);
	expect(scope.listeners).toBe(2);
	controller.abort();
	expect(await given).toBe('given up');
	expect(scope.listeners).toBe(1);
	scope.setOnline(true);
	await back;
	expect(scope.listeners).toBe(0);
});

test('finds out by itself where no event tells', async () => {
	vi.useFakeTimers();
	const scope = new FakeScope();
	scope.silent = true;
	scope.setOnline(false);
	let back = false;
	const waited = new BrowserConnectivity(scope)
		.whenOnline(new AbortController().signal)
		.then(() => (back = true));
	await vi.advanceTimersByTimeAsync(10_000);
	expect(back).toBe(false);
	scope.setOnline(true);
	await vi.advanceTimersByTimeAsync(1000);
	await waited;
	expect(vi.getTimerCount()).toBe(0);
	vi.useRealTimers();
});
