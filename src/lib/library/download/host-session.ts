import { throwIfAborted } from '../../core/abort.ts';
import { AppError, hasCode, toAppError } from '../../core/errors.ts';
import type { RangeReply } from '../../ports/range-source.ts';
import { checkReply, wrongSize } from './check-reply.ts';
import { Connection, type ConnectionWork } from './connection.ts';
import { ConnectionGrowth, leastPartsToShare } from './connection-growth.ts';
import type { DownloadTools } from './download-tools.ts';
import { FileChanged } from './file-changed.ts';
import { isHostFailure } from './retry-policy.ts';
import type { PartLedger } from './part-ledger.ts';
import type { PartsUnderWay } from './parts-under-way.ts';
import { RangePlan } from './range-plan.ts';
import type { WantedFile } from './wanted-file.ts';

export interface SessionWork {
	readonly tools: DownloadTools;
	readonly file: WantedFile;
	readonly url: string;
	readonly ledger: PartLedger;
	readonly underWay: PartsUnderWay;
	/** False for a host that calls the same file by another name each time. */
	readonly trustsValidators: boolean;
	readonly onBytes: (completed: boolean) => void;
}

/** A connection that gives nothing for so long will give nothing more. Milliseconds. */
const stallLimit = 20_000;
const watchInterval = 1000;

/**
 * One try to get all that is missing from one host: begins with one connection, adds others where they pay, and ends
 * when the last one has ended.
 */
export class HostSession {
	readonly #work: SessionWork;
	readonly #plan: RangePlan;
	readonly #growth: ConnectionGrowth;
	readonly #connections = new Set<Connection>();
	readonly #stop = new AbortController();
	readonly #over = Promise.withResolvers<null>();
	/** Why the latest connection ended before its time. */
	#failure: AppError | undefined;
	/** What no other connection can make good. */
	#fatal: Error | undefined;

	constructor(work: SessionWork) {
		this.#work = work;
		this.#plan = new RangePlan(work.ledger.missing);
		this.#growth = new ConnectionGrowth(work.tools.clock.monotonic(), work.underWay.received);
	}

	/**
	 * Resolves when every part is stored. Errors: `FileChanged`, `download/*`, `cancelled`, and what storing fails with.
	 * Whatever the end, nothing is being read or stored any more; the bytes so far stay.
	 */
	async run(signal: AbortSignal): Promise<void> {
		const { underWay } = this.#work;
		const either = AbortSignal.any([signal, this.#stop.signal, underWay.failed]);
		void this.#connect(either);
		const watching = this.#watch(either);
		await this.#over.promise;
		this.#stop.abort();
		await watching;
		await underWay.drained();
		throwIfAborted(signal);
		const failure = this.#fatal ?? this.#failure;
		if (this.#fatal !== undefined || this.#plan.left > 0)
			throw failure ?? new AppError('download/stalled');
	}

	async #connect(signal: AbortSignal): Promise<void> {
		const connection = new Connection(this.#connectionWork(), signal);
		this.#connections.add(connection);
		try {
			for (;;) {
				const first = this.#plan.claim(connection, this.#work.underWay.begun);
				if (first === undefined) break;
				await connection.read(first);
			}
		} catch (error) {
			if (!connection.left && !signal.aborted) this.#noteFailure(error);
		}
		this.#plan.release(connection);
		this.#connections.delete(connection);
		if (this.#connections.size === 0) this.#over.resolve(null);
	}

	#noteFailure(error: unknown): void {
		this.#growth.stop();
		if (isHostFailure(error)) this.#failure = error;
		else this.#fail(error);
	}

	#fail(error: unknown): void {
		this.#fatal ??= error instanceof Error ? error : toAppError(error);
		this.#stop.abort();
	}

	#connectionWork(): ConnectionWork {
		const { tools, url, ledger, underWay, onBytes } = this.#work;
		return {
			...tools,
			partBytes: ledger.partBytes,
			...{ url, underWay, onBytes, parts: ledger.plan, plan: this.#plan },
			admit: (reply, asked, connection) => this.#admit(reply, asked, connection)
		};
	}

	#admit(reply: RangeReply, asked: number, connection: Connection): void {
		const { file, url } = this.#work;
		checkReply(reply, file, url);
		this.#noteSource(reply.validator);
		if (reply.from === asked) return;
		if (reply.from > asked) throw wrongSize(file, reply.from);
		// This host always sends the whole file: one connection takes it all.
		this.#growth.stop();
		if (this.#connections.size > 1) connection.leave();
		else this.#plan.claimAll(connection);
	}

	#noteSource(validator: string | null): void {
		const { ledger, url, underWay, trustsValidators } = this.#work;
		const known = ledger.source?.url === url ? ledger.source.validator : null;
		const differs = known !== null && validator !== null && validator !== known;
		if (differs && trustsValidators && underWay.received > 0) throw new FileChanged();
		ledger.setSource({ url, validator: validator ?? known });
	}

	async #watch(signal: AbortSignal): Promise<void> {
		const { clock, bandwidth } = this.#work.tools;
		try {
			for (;;) {
				await clock.sleep(watchInterval, signal);
				for (const connection of this.#connections) connection.checkStall(stallLimit);
				if (bandwidth.limit !== null) this.#growth.stop();
				this.#grow(signal);
			}
		} catch (error) {
			if (hasCode(error, 'cancelled')) return;
			this.#fail(error);
		}
	}

	#grow(signal: AbortSignal): void {
		const { underWay, tools } = this.#work;
		if (this.#plan.left < leastPartsToShare) return;
		const decision = this.#growth.decide(tools.clock.monotonic(), underWay.received);
		if (decision === 'add') void this.#connect(signal);
		if (decision === 'drop' && this.#connections.size > 1) [...this.#connections].at(-1)?.leave();
	}
}
