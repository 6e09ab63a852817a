import type { FitSubject } from '../../engines/fit-contract.ts';
import type { ModelListing } from '../../library/library-api.ts';

/** What a listing tells about whether this device can run it. */
export function fitSubject({ entry, frozen, bytes, state }: ModelListing): FitSubject {
	const { engine, tasks, dtype, parameters, contextTokens, needs } = entry;
	const files = frozen?.spec.files ?? entry.files;
	const sizes = files.map((file) => file.bytes);
	const known = sizes.filter((size) => size !== null);
	return {
		...{ engine, tasks, dtype, parameters, contextTokens, needs, bytes },
		largestFileBytes: known.length === sizes.length ? Math.max(0, ...known) : null,
		alreadyStoredBytes: storedBytes(state)
	};
}

function storedBytes(state: ModelListing['state']): number {
	if (state.at === 'installed') return state.bytes;
	return 'done' in state ? state.done : 0;
}
