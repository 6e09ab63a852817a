import type { PrecacheController } from 'workbox-precaching';
import { sideBySide } from './side-by-side.ts';

/** What servers and browsers do well. One after another, the many small files would hold up the first start. */
const filesAtOnce = 8;

/** Keeps all files of the precache. Rejects when one cannot be had: then the version in use stays. */
export async function fillPrecache(
	precache: PrecacheController,
	event: ExtendableEvent
): Promise<void> {
	await sideBySide(precache.getURLsToCacheKeys(), filesAtOnce, async ([url, cacheKey]) => {
		// A file without a hash in its name may be an older one in the browser's own cache.
		const isNamedByContent = url === cacheKey;
		const request = new Request(url, {
			cache: isNamedByContent ? 'default' : 'reload',
			credentials: 'same-origin'
		});
		await Promise.all(precache.strategy.handleAll({ params: { cacheKey }, request, event }));
	});
}
