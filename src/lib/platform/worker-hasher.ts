import type { Sha256 } from '../core/ids.ts';
import type { Hasher, HasherFactory } from '../ports/hasher.ts';
import { HashWorker, type HashWorkerLike } from './hash-worker.ts';

/**
 * SHA-256 on a thread of its own, shared by all hashers. The worker is spawned when the first hasher is made, and anew
 * by the first one after its death. Errors of every call: `wire/worker-died`; then `resume` from the last saved state.
 */
export class WorkerHasherFactory implements HasherFactory {
	readonly #spawn: () => HashWorkerLike;
	#worker: HashWorker | undefined;
	#lastHasher = 0;

	/** `spawn` gives a worker whose script calls `serveHashers`. */
	constructor(spawn: () => HashWorkerLike) {
		this.#spawn = spawn;
	}

	async create(): Promise<Hasher> {
		const worker = this.#alive();
		const hasher = ++this.#lastHasher;
		await worker.call({ call: 'create', hasher });
		return new WorkerHasher(worker, hasher);
	}

	async resume(state: Uint8Array): Promise<Hasher> {
		const worker = this.#alive();
		const hasher = ++this.#lastHasher;
		await worker.call({ call: 'resume', hasher, state });
		return new WorkerHasher(worker, hasher);
	}

	#alive(): HashWorker {
		if (!this.#worker || this.#worker.dead) this.#worker = new HashWorker(this.#spawn());
		return this.#worker;
	}
}

class WorkerHasher implements Hasher {
	readonly #worker: HashWorker;
	readonly #hasher: number;
	/** A long update is sent in pieces: what is called meanwhile waits for the last of them. */
	#sent: Promise<void> = Promise.resolve();

	constructor(worker: HashWorker, hasher: number) {
		this.#worker = worker;
		this.#hasher = hasher;
	}

	update(bytes: Uint8Array): Promise<void> {
		const sent = this.#sent.then(() => this.#worker.send(this.#hasher, bytes));
		this.#sent = sent.catch(() => undefined);
		return sent;
	}

	async digest(): Promise<Sha256> {
		await this.#sent;
		return (await this.#worker.call({ call: 'digest', hasher: this.#hasher })) as Sha256;
	}

	async save(): Promise<Uint8Array<ArrayBuffer>> {
		await this.#sent;
		const state = await this.#worker.call({ call: 'save', hasher: this.#hasher });
		return state as Uint8Array<ArrayBuffer>;
	}
}
