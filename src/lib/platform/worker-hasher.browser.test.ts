import { expect, test } from 'vitest';
import { describeHasher } from '../testing/contracts/hasher.ts';
import { WorkerHasherFactory } from './worker-hasher.ts';

const spawn = () =>
	new Worker(new URL('../../workers/hash.worker.ts', import.meta.url), { type: 'module' });

describeHasher('WorkerHasherFactory in the browser', new WorkerHasherFactory(spawn));

test('a script that does not run is heard of', async () => {
	const factory = new WorkerHasherFactory(
		() => new Worker('data:text/javascript,no script', { type: 'module' })
	);
	await expect(factory.create()).rejects.toMatchObject({ code: 'wire/worker-died' });
});
