import type { LibraryClient } from '../library/library-client.ts';
import type { Clock } from '../ports/clock.ts';
import type { ChangeFeed } from './change-feed.ts';

/** Other tabs read the whole list each time. Milliseconds. */
const interval = 500;

/** Tells all tabs what this one's library is doing: now and then while it works, and always what came last. */
export function announceLibraryChanges(
	library: Pick<LibraryClient, 'onChange'>,
	feed: Pick<ChangeFeed, 'announce'>,
	clock: Pick<Clock, 'sleep'>
): void {
	let waiting = false;
	const announce = async (): Promise<void> => {
		if (waiting) return;
		waiting = true;
		await clock.sleep(interval);
		waiting = false;
		feed.announce('library');
	};
	library.onChange(() => void announce());
}
