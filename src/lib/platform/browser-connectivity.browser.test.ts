import { afterEach, expect, test } from 'vitest';
import { cdp } from 'vitest/browser';
import { describeConnectivity } from '../testing/contracts/connectivity.ts';
import { InlineWorker } from '../testing/inline-worker.ts';
import { BrowserConnectivity } from './browser-connectivity.ts';

/** What the browser says of the network. It stays up: the tests themselves speak over it. */
async function setOnline(online: boolean): Promise<void> {
	const noticed =
		navigator.onLine === online
			? Promise.resolve()
			: new Promise<unknown>((resolve) =>
					addEventListener(online ? 'online' : 'offline', resolve, { once: true })
				);
	await cdp().send('Network.overrideNetworkState', {
		offline: !online,
		latency: 0,
		downloadThroughput: -1,
		uploadThroughput: -1
	});
	await noticed;
}

afterEach(() => setOnline(true));

describeConnectivity('BrowserConnectivity', () => ({
	connectivity: new BrowserConnectivity(),
	setOnline
}));

test('hears in a worker, too, that the network is back', async () => {
	const worker = new InlineWorker(
		new URL('./browser-connectivity.ts', import.meta.url),
		`async ({ BrowserConnectivity }, waits) => {
			const connectivity = new BrowserConnectivity();
			if (waits) await connectivity.whenOnline(new AbortController().signal);
			return connectivity.online;
		}`
	);
	expect(await worker.ask(false)).toBe(true);
	await setOnline(false);
	expect(await worker.ask(false)).toBe(false);
	const back = worker.ask(true);
	await setOnline(true);
	expect(await back).toBe(true);
	worker.close();
});
