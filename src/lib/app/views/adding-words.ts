import { formatBytes } from '../../core/bytes.ts';
import type { AddingAdapter } from './add-adapter-view.svelte.ts';

const steps = {
	looking: 'Looking at what is there…',
	reading: 'Reading and checking…',
	adding: 'Adding…'
};

/** What is under way, and how far it is: `Reading and checking… 12 MB of 300 MB`. */
export function addingWords({ step, bytes, total, anew, waits }: AddingAdapter): string {
	const what = waits
		? 'There is no network. It goes on by itself when it is back.'
		: anew
			? 'The file is another one there now. Fetching it anew…'
			: steps[step];
	return bytes > 0 ? `${what} ${bytesWords(bytes, total)}` : what;
}

/** `12 MB of 300 MB` */
export function bytesWords(bytes: number, total: number | null): string {
	return total === null ? formatBytes(bytes) : `${formatBytes(bytes)} of ${formatBytes(total)}`;
}
