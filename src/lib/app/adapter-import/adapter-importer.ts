import type { AdapterRow } from '../../adapters/adapter-records.ts';
import type { ModelId } from '../../core/ids.ts';
import type { AdapterProposal } from './adapter-proposal.ts';
import type { AdapterSource } from './adapter-source.ts';
import type { FoundAdapter, OnAdapterBytes } from './found-adapter.ts';

/** Brings adapters onto this device. Nothing is written before `add`, and nothing when it fails. */
export interface AdapterImporter {
	/**
	 * The adapters at that place, one at least. Errors: `adapter/not-peft`, `add/bad-address`, those of the library.
	 */
	find(source: AdapterSource, signal: AbortSignal): Promise<readonly FoundAdapter[]>;
	/** Reads and checks it all. Errors: `adapter/*`, those of the library. */
	inspect(
		found: FoundAdapter,
		onBytes: OnAdapterBytes,
		signal: AbortSignal
	): Promise<AdapterProposal>;
	add(
		proposal: AdapterProposal,
		chosen: { readonly name: string; readonly base: ModelId | null },
		signal: AbortSignal
	): Promise<AdapterRow>;
}
