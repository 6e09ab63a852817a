import { AppError } from '../core/errors.ts';
import type { HashAnswer, HashCall, HashEndpoint, HashRequest } from './hash-message.ts';

/** What is needed of a `Worker`. */
export interface HashWorkerLike extends HashEndpoint {
	terminate(): void;
}

interface Pending {
	readonly resolve: (value: unknown) => void;
	readonly reject: (error: AppError) => void;
}

/** Bytes go over in pieces of this size. */
const pieceBytes = 1024 * 1024;
/** Pieces under way at most, for all hashers together: this bounds the memory. */
const maxPieces = 4;

/** One worker that runs hashers, from its spawning to its death. */
export class HashWorker {
	readonly #worker: HashWorkerLike;
	readonly #pending = new Map<number, Pending>();
	readonly #free: ArrayBuffer[] = [];
	readonly #waiting: (() => void)[] = [];
	#pieces = 0;
	#lastId = 0;
	#death: AppError | undefined;

	constructor(worker: HashWorkerLike) {
		this.#worker = worker;
		worker.addEventListener('message', (event) =>
			this.#settle((event as MessageEvent<HashAnswer>).data)
		);
		worker.addEventListener('error', (event) =>
			this.#die((event as { message?: string }).message ?? 'its script failed')
		);
		worker.addEventListener('messageerror', () => this.#die('a message could not be read'));
	}

	get dead(): boolean {
		return this.#death !== undefined;
	}

	/** Errors: those of the hasher; `wire/worker-died`, also when it dies while the call is under way. */
	call(call: HashCall, transfer: Transferable[] = []): Promise<unknown> {
		if (this.#death) return Promise.reject(this.#death);
		const id = ++this.#lastId;
		const request: HashRequest = { id, call };
		return new Promise((resolve, reject) => {
			this.#pending.set(id, { resolve, reject });
			this.#worker.postMessage(request, transfer);
		});
	}

	/** Resolves once every byte has been copied and sent. A failure shows in the next call. */
	async send(hasher: number, bytes: Uint8Array): Promise<void> {
		for (let at = 0; at < bytes.byteLength; at += pieceBytes) {
			const piece = bytes.subarray(at, at + pieceBytes);
			const buffer = await this.#takeBuffer();
			new Uint8Array(buffer).set(piece);
			this.call({ call: 'update', hasher, buffer, length: piece.byteLength }, [buffer]).then(
				(back) => this.#giveBack(back as ArrayBuffer),
				(error: unknown) => this.#die(error instanceof Error ? error.message : String(error))
			);
		}
	}

	async #takeBuffer(): Promise<ArrayBuffer> {
		while (!this.#death && this.#free.length === 0 && this.#pieces >= maxPieces)
			await new Promise<void>((resolve) => this.#waiting.push(resolve));
		if (this.#death) throw this.#death;
		const free = this.#free.pop();
		if (free) return free;
		this.#pieces++;
		return new ArrayBuffer(pieceBytes);
	}

	#giveBack(buffer: ArrayBuffer): void {
		this.#free.push(buffer);
		this.#waiting.shift()?.();
	}

	#settle(answer: HashAnswer): void {
		const pending = this.#pending.get(answer.id);
		this.#pending.delete(answer.id);
		if ('error' in answer)
			pending?.reject(new AppError(answer.error.code, { details: answer.error.details }));
		else pending?.resolve(answer.value);
	}

	#die(reason: string): void {
		if (this.#death) return;
		this.#death = new AppError('wire/worker-died', { details: { reason } });
		this.#worker.terminate();
		for (const { reject } of this.#pending.values()) reject(this.#death);
		this.#pending.clear();
		for (const wake of this.#waiting.splice(0)) wake();
	}
}
