import { describe, expect, test, vi } from 'vitest';
import { AppUpdates } from './service-worker-registration.ts';

/** An address that every browser refuses to register, as some refuse all in private windows. */
const refused = { script: 'data:text/javascript,', patience: 20 };

describe('AppUpdates without a service worker', () => {
	test('says that the page is not controlled', async () => {
		expect(await new AppUpdates(refused).ready()).toBe(false);
	});

	test('claims nothing to be kept for offline use', async () => {
		const updates = new AppUpdates(refused);
		expect(await updates.install(['a.js'])).toEqual({ ok: false, failed: ['a.js'] });
		expect(await updates.missing(['a.js', 'b.js'])).toEqual(['a.js', 'b.js']);
	});

	test('has no update, and looking for one or applying it does nothing', async () => {
		const updates = new AppUpdates(refused);
		const waiting = vi.fn<() => void>();
		const replaced = vi.fn<() => void>();
		updates.onUpdateWaiting(waiting);
		updates.onReplaced(replaced);
		await updates.check();
		await updates.applyUpdate();
		await updates.allowOrigins(['https://a.example']);
		await updates.allowServers(['http://localhost:11434']);
		expect(waiting).not.toHaveBeenCalled();
		expect(replaced).not.toHaveBeenCalled();
	});
});

test('a server that never answers whether there is a new version is not waited for', async () => {
	const update = vi.fn(() => new Promise<never>(() => undefined));
	const silent = Object.assign(new EventTarget(), { update, waiting: null, installing: null });
	vi.spyOn(navigator.serviceWorker, 'register').mockResolvedValue(silent as never);
	const updates = new AppUpdates({ script: '/silent.js', patience: 20 });
	await updates.check();
	expect(update).toHaveBeenCalledOnce();
	vi.restoreAllMocks();
});
