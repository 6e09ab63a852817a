import type { AdapterStore } from '../adapters/adapter-store.ts';
import type { AdapterCheckRow } from '../adapters/adapter-records.ts';
import { throwIfAborted } from '../core/abort.ts';
import type { AdapterId } from '../core/ids.ts';
import type { AdapterShelf } from '../migration/migration-ports.ts';

interface Parts {
	readonly store: Pick<AdapterStore, 'isDamaged'>;
	readonly tester: Pick<AdapterShelf, 'check' | 'trial'>;
}

/** The stored adapters, as upgrades verify and try them. */
export function adapterShelf({ store, tester }: Parts): AdapterShelf {
	return {
		async damaged(adapters, signal): Promise<AdapterId[]> {
			const damaged: AdapterId[] = [];
			for (const id of adapters) {
				throwIfAborted(signal);
				if (await store.isDamaged(id, signal)) damaged.push(id);
			}
			return damaged;
		},

		check: (use, spec, signal): Promise<AdapterCheckRow> => tester.check(use, spec, signal),
		trial: (use, spec, signal): Promise<AdapterCheckRow> => tester.trial(use, spec, signal)
	};
}
