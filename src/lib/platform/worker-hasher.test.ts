import { describe, expect, test } from 'vitest';
import { toHex } from '../core/bytes.ts';
import type { HasherFactory } from '../ports/hasher.ts';
import { describeHasher } from '../testing/contracts/hasher.ts';
import type { HashWorkerLike } from './hash-worker.ts';
import { serveHashers } from './serve-hashers.ts';
import { Sha256HasherFactory } from './sha256-hasher.ts';
import { WorkerHasherFactory } from './worker-hasher.ts';

/** Everything of a hashing worker but the thread. */
class PortWorker extends EventTarget implements HashWorkerLike {
	readonly #near: MessagePort;
	readonly #far: MessagePort;
	terminated = false;

	constructor(hashers: HasherFactory) {
		super();
		const { port1, port2 } = new MessageChannel();
		this.#near = port1;
		this.#far = port2;
		port1.onmessage = ({ data }: MessageEvent<unknown>) =>
			this.dispatchEvent(new MessageEvent('message', { data }));
		serveHashers(port2, hashers);
		port2.start();
	}

	postMessage(message: unknown, transfer: Transferable[]): void {
		this.#near.postMessage(message, transfer);
	}

	terminate(): void {
		this.terminated = true;
		this.#near.close();
		this.#far.close();
	}

	break(type: 'error' | 'messageerror', message?: string): void {
		this.dispatchEvent(Object.assign(new Event(type), { message }));
	}
}

function setUp(hashers: HasherFactory = new Sha256HasherFactory()) {
	const workers: PortWorker[] = [];
	const factory = new WorkerHasherFactory(() => {
		const worker = new PortWorker(hashers);
		workers.push(worker);
		return worker;
	});
	return { factory, workers };
}

describeHasher('WorkerHasherFactory', setUp().factory);

const body = new Uint8Array(5_000_000).map((_, i) => i % 241);
const died = { code: 'wire/worker-died' };

describe('WorkerHasherFactory', () => {
	test('spawns one worker, for the first hasher', async () => {
		const { factory, workers } = setUp();
		expect(workers).toHaveLength(0);
		await Promise.all([factory.create(), factory.create()]);
		expect(workers).toHaveLength(1);
	});

	test('every call under way ends when the worker dies, and so does every later one', async () => {
		const { factory, workers } = setUp();
		const hasher = await factory.create();
		const calls = [hasher.update(body), hasher.save(), factory.create(), hasher.digest()];
		const outcomes = Promise.allSettled(calls);
		workers[0]!.break('error', 'out of memory');
		for (const outcome of await outcomes)
			expect(outcome).toMatchObject({
				status: 'rejected',
				reason: { ...died, details: { reason: 'out of memory' } }
			});
		expect(workers[0]!.terminated).toBe(true);
		await expect(hasher.save()).rejects.toMatchObject(died);
	});

	test('the next hasher gets a new worker, and goes on where the dead one was saved', async () => {
		const { factory, workers } = setUp();
		const hasher = await factory.create();
		await hasher.update(body.subarray(0, 3_000_000));
		const state = await hasher.save();
		workers[0]!.break('messageerror');
		const second = await factory.resume(state);
		expect(workers).toHaveLength(2);
		await second.update(body.subarray(3_000_000));
		const truth = await crypto.subtle.digest('SHA-256', body);
		expect(await second.digest()).toBe(toHex(new Uint8Array(truth)));
	});

	test('a worker that cannot hash counts as dead', async () => {
		const broken = new Sha256HasherFactory();
		const { factory } = setUp({
			resume: (state) => broken.resume(state),
			create: async () =>
				Object.assign(await broken.create(), { update: () => Promise.reject(new Error('no')) })
		});
		const hasher = await factory.create();
		await hasher.update(body).catch(() => undefined);
		await expect(hasher.digest()).rejects.toMatchObject(died);
	});
});
