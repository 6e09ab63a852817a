import type { AppError } from '../core/errors.ts';
import type { AdapterId } from '../core/ids.ts';
import type { AdapterUse } from '../core/setup.ts';
import { isOfAdapters } from './is-of-adapters.ts';
import { waysOn } from './ways-on.ts';

/** What has to go well without the adapters before they are to blame. */
export type Proof = 'loaded' | 'answered';

/** Adapters that an engine failed with, and works without. */
export interface Charge {
	readonly uses: readonly AdapterUse[];
	readonly error: AppError;
}

interface Suspicion extends Charge {
	readonly proof: Proof;
	/** True where the error may have had nothing to do with them. */
	readonly mayBeWrong: boolean;
}

/**
 * With which adapters the next try of an engine is loaded. They are left out after a failure that may be theirs; who
 * fails without them too clears them of it.
 */
export class AdapterCharges {
	#on: readonly AdapterUse[];
	#suspected: readonly Suspicion[] = [];

	constructor(adapters: readonly AdapterUse[]) {
		this.#on = adapters;
	}

	get on(): readonly AdapterUse[] {
		return this.#on;
	}

	/**
	 * Those that the next try does without: the one that the error names, else all `suspects`, by default all that are on.
	 * Empty: it cannot be theirs.
	 */
	leaveOut(error: AppError, proof: Proof, suspects = this.#on): readonly AdapterUse[] {
		if (!waysOn(error.code).plain) return [];
		const named = this.#on.filter(({ adapter }) => adapter === adapterOf(error));
		const uses = named.length > 0 ? named : suspects;
		if (uses.length === 0) return [];
		const mayBeWrong = !isOfAdapters(error);
		this.#on = this.#on.filter((use) => !uses.includes(use));
		this.#suspected = [...this.#suspected, { uses, error, proof, mayBeWrong }];
		return uses;
	}

	/** It failed without them, too: those that were left out on a mere suspicion are on again. False: there are none. */
	clear(): boolean {
		const cleared = this.#suspected.filter(({ mayBeWrong }) => mayBeWrong);
		this.#on = [...this.#on, ...cleared.flatMap(({ uses }) => uses)];
		this.#suspected = this.#suspected.filter(({ mayBeWrong }) => !mayBeWrong);
		return cleared.length > 0;
	}

	/** That went well without them. Each charge is answered once. */
	proven(by: Proof): readonly Charge[] {
		const due = (suspicion: Suspicion): boolean =>
			by === 'answered' || suspicion.proof === 'loaded';
		const proven = this.#suspected.filter(due);
		this.#suspected = this.#suspected.filter((suspicion) => !due(suspicion));
		return proven.map(({ uses, error }) => ({ uses, error }));
	}
}

/** Whose fault an error says it is, where it says so. */
function adapterOf({ details }: AppError): AdapterId | null {
	return typeof details.adapter === 'string' ? (details.adapter as AdapterId) : null;
}
