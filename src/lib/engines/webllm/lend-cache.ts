import { AppError } from '../../core/errors.ts';
import type { ModelCache } from './model-cache.ts';

/** What the runtime calls the caches that it keeps its files in. */
const runtimeCaches = 'webllm/';

/**
 * From now on, whoever in this thread opens a cache of the runtime's gets `cache`; all others are as they were.
 * To be called before the runtime opens any. The returned function ends it. Errors: `storage/unavailable`.
 */
export function lendCache(
	cache: ModelCache,
	storage: Pick<CacheStorage, 'open'> | undefined = (globalThis as { caches?: CacheStorage }).caches
): () => void {
	if (!storage) {
		const reason = 'the browser keeps no caches for this page';
		throw new AppError('storage/unavailable', { details: { reason } });
	}
	const others = storage.open.bind(storage);
	const open = (name: string): Promise<unknown> =>
		name.startsWith(runtimeCaches) ? Promise.resolve(cache) : others(name);
	Object.defineProperty(storage, 'open', { value: open, configurable: true });
	return () => {
		// A later one may stand in its place.
		if ((storage.open as unknown) === open) Reflect.deleteProperty(storage, 'open');
	};
}
