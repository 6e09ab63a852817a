import { throwIfAborted } from '../core/abort.ts';
import { AppError } from '../core/errors.ts';
import type { AdapterId } from '../core/ids.ts';
import type { AdapterUse } from '../core/setup.ts';
import type { AppliedAdapter } from './applied-adapter.ts';
import { blameAdapter } from './blame-adapter.ts';
import type { LoraModule } from './lora-module.ts';

/** What is needed of the store of adapters. */
export interface OpenableAdapters {
	get(id: AdapterId): Promise<{ readonly name: string } | undefined>;
	/** Verified. Errors: `adapter/damaged`, `adapter/unreadable`. */
	open(id: AdapterId, signal: AbortSignal): Promise<readonly LoraModule[]>;
}

/**
 * Those adapters, read and verified one after the other. Errors: `adapter/missing`, and those of `open`, with the id of
 * the adapter as the detail `adapter`; `cancelled`.
 */
export async function openAdapters(
	store: OpenableAdapters,
	uses: readonly AdapterUse[],
	signal: AbortSignal
): Promise<AppliedAdapter[]> {
	const opened: AppliedAdapter[] = [];
	for (const use of uses) {
		throwIfAborted(signal);
		try {
			opened.push(await openAdapter(store, use, signal));
		} catch (error) {
			throw blameAdapter(error, use.adapter);
		}
	}
	return opened;
}

async function openAdapter(
	store: OpenableAdapters,
	{ adapter: id, strength }: AdapterUse,
	signal: AbortSignal
): Promise<AppliedAdapter> {
	const row = await store.get(id);
	if (!row) throw new AppError('adapter/missing', { details: { name: id.slice(0, 12) } });
	return { id, name: row.name, strength, modules: await store.open(id, signal) };
}
