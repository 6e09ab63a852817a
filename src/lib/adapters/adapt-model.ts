import type { AdapterUse } from '../core/setup.ts';
import type { HasherFactory } from '../ports/hasher.ts';
import type { RecordStore } from '../ports/record-store.ts';
import type { Clock } from '../ports/clock.ts';
import { AdapterStore } from './adapter-store.ts';
import type { AdaptedFiles } from './adapted-files.ts';
import { applyAdapters, type AdaptableModel } from './apply-adapters.ts';
import { openAdapters } from './open-adapters.ts';

interface Parts {
	readonly records: RecordStore;
	readonly clock: Clock;
	readonly hashers: HasherFactory;
}

/**
 * The files of a model with stored adapters worked in, which are read from this device alone. Errors: those of
 * `openAdapters` and of `applyAdapters`.
 */
export async function adaptModel(
	parts: Parts,
	model: AdaptableModel,
	uses: readonly AdapterUse[],
	signal: AbortSignal
): Promise<AdaptedFiles> {
	const adapters = await openAdapters(new AdapterStore(parts), uses, signal);
	return applyAdapters(model, adapters);
}
