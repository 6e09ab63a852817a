import { throwIfAborted } from '../core/abort.ts';
import { AppError } from '../core/errors.ts';
import type { HoldOptions, Locks } from '../ports/locks.ts';

interface Claim {
	readonly owner: MemoryLocks;
	readonly grant: () => void;
	readonly lose: () => void;
}

/** For each lock its holder, then those who wait, in order. */
type LockTable = Map<string, Claim[]>;

/**
 * The locks of one tab: `new MemoryLocks()`. `locks.anotherTab()` competes for the same locks, and `locks.die()` gives
 * up all that this tab holds or waits for, as when it is closed or crashes.
 */
export class MemoryLocks implements Locks {
	readonly #table: LockTable;

	constructor(table: LockTable = new Map()) {
		this.#table = table;
	}

	anotherTab(): MemoryLocks {
		return new MemoryLocks(this.#table);
	}

	/** What the dead tab was waiting for never settles. */
	die(): void {
		for (const [name, claims] of this.#table)
			for (const claim of claims.filter(({ owner }) => owner === this)) this.#release(name, claim);
	}

	async hold<T>(name: string, run: () => Promise<T>, options: HoldOptions = {}): Promise<T> {
		throwIfAborted(options.signal);
		const { granted, lost, claim } = this.#claim(name, options);
		await granted;
		try {
			return await Promise.race([run(), lost]);
		} finally {
			this.#release(name, claim);
		}
	}

	async tryHold<T>(
		name: string,
		run: () => Promise<T>
	): Promise<{ held: true; value: T } | { held: false }> {
		if (this.#table.get(name)?.length) return { held: false };
		return { held: true, value: await this.hold(name, run) };
	}

	#claim(
		name: string,
		{ signal, steal }: HoldOptions
	): { granted: Promise<null>; lost: Promise<never>; claim: Claim } {
		const granted = Promise.withResolvers<null>();
		const lost = Promise.withResolvers<never>();
		lost.promise.catch(() => undefined);
		const claim: Claim = {
			owner: this,
			grant: () => granted.resolve(null),
			lose: () => lost.reject(new AppError('tab/leader-changed'))
		};
		signal?.addEventListener('abort', () => {
			if (this.#table.get(name)?.[0] === claim) return;
			this.#release(name, claim);
			granted.reject(new AppError('cancelled', { cause: signal.reason }));
		});
		const claims = this.#table.get(name) ?? [];
		this.#table.set(name, claims);
		if (steal) claims.shift()?.lose();
		if (steal) claims.unshift(claim);
		else claims.push(claim);
		if (claims[0] === claim) claim.grant();
		return { granted: granted.promise, lost: lost.promise, claim };
	}

	#release(name: string, claim: Claim): void {
		const claims = this.#table.get(name) ?? [];
		const at = claims.indexOf(claim);
		if (at < 0) return;
		claims.splice(at, 1);
		if (at === 0) claims[0]?.grant();
	}
}
