import { expect, test } from 'vitest';
import type { ModelId } from '../../core/ids.ts';
import { ManualClock } from '../../testing/manual-clock.ts';
import { MemoryConnectivity } from '../../testing/memory-connectivity.ts';
import type { StepRun } from '../migration-step.ts';
import { downloadStep } from './download-step.ts';

const model = 'm' as ModelId;

/** A download that ends when told to, and all that was said about why it stands still. */
function underWay(connectivity: MemoryConnectivity) {
	const { promise, resolve, reject } = Promise.withResolvers<undefined>();
	const said: (string | null)[] = [];
	const run = {
		signal: new AbortController().signal,
		urged: new AbortController().signal,
		plan: { options: {} },
		speed: () => 'full',
		progress: () => undefined,
		holding: (reason: string | null) => void said.push(reason)
	} as unknown as StepRun;
	const supply = {
		isInstalled: () => Promise.resolve(false),
		install: () => promise
	};
	const step = downloadStep({ supply, connectivity, clock: new ManualClock() });
	const done = step.do({ model, bytes: 1 }, run);
	return { done, said, resolve, reject };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('a download without a network says what it waits for, and takes it back', async () => {
	const connectivity = new MemoryConnectivity();
	const { done, said, resolve } = underWay(connectivity);
	await settled();
	connectivity.setOnline(false);
	connectivity.setOnline(true);
	resolve(undefined);
	await done;
	expect(said).toEqual([null, 'Waiting for the network.', null, null]);
});

test('one that begins offline says so at once', async () => {
	const connectivity = new MemoryConnectivity(false);
	const { done, said, resolve } = underWay(connectivity);
	await settled();
	expect(said).toEqual(['Waiting for the network.']);
	resolve(undefined);
	await done;
});

test('one that has failed says nothing of the network any more', async () => {
	const connectivity = new MemoryConnectivity();
	const { done, said, reject } = underWay(connectivity);
	await settled();
	reject(new Error('no such model'));
	await expect(done).rejects.toThrow('no such model');
	const before = said.length;
	connectivity.setOnline(false);
	expect(said).toHaveLength(before);
});
