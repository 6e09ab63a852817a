import { formatBytes } from '../../core/bytes.ts';
import type { Measurement } from '../../engines/measurement.ts';
import type { CatalogEntry } from '../../library/catalog/catalog-entry.ts';
import type { ModelListing, ModelState } from '../../library/library-api.ts';

const second = 1;
const minute = 60 * second;
const hour = 60 * minute;

/** A large number as people say it: `33 M`, `1.2 B`. */
export function formatCount(count: number): string {
	const [value, unit] = scaled(count);
	return `${value < 10 ? Number(value.toFixed(1)) : Math.round(value)}${unit}`;
}

function scaled(count: number): [number, string] {
	// 999.7 million is one billion, not 1000 million.
	if (count >= 999.5e6) return [count / 1e9, ' B'];
	if (count >= 999.5e3) return [count / 1e6, ' M'];
	return count >= 1000 ? [count / 1000, ' K'] : [count, ''];
}

/** Time that is left, in seconds: `about 2 minutes left`. */
export function describeEta(seconds: number): string {
	if (seconds < 10) return 'a few seconds left';
	if (seconds < minute) return 'less than a minute left';
	const minutes = Math.round(seconds / minute);
	if (minutes < 60) return `about ${countOf(minutes, 'minute')} left`;
	const hours = Math.round(seconds / hour);
	return hours < 48 ? `about ${countOf(hours, 'hour')} left` : 'more than a day left';
}

/** `1 model`, `3 models`. */
export function countOf(count: number, noun: string): string {
	return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
}

/** How far a download or a check is, in words: `16 MB of 2.3 GB, 12 MB/s, about 2 minutes left`. */
export function describeProgress(state: Extract<ModelState, { readonly done: number }>): string {
	const { done, total } = state;
	const words = [`${formatBytes(done)} of ${formatBytes(total)}`];
	if (state.at === 'downloading' && state.bytesPerSecond) {
		words.push(`${formatBytes(state.bytesPerSecond)}/s`);
		words.push(describeEta((total - done) / state.bytesPerSecond));
	}
	if (state.at === 'paused') words.push('paused');
	return words.join(', ');
}

/** What a model did when it was measured, each in a few words: `24 tokens/s`. */
export function describeSpeed(measured: Measurement): string[] {
	const { loadMs, firstTokenMs, tokensPerSecond, textsPerSecond } = measured;
	const words = [`load ${secondsOf(loadMs)}`];
	if (firstTokenMs !== null) words.push(`first token ${secondsOf(firstTokenMs)}`);
	if (tokensPerSecond !== null) words.push(`${rateOf(tokensPerSecond)} tokens/s`);
	if (textsPerSecond !== null) words.push(`${rateOf(textsPerSecond)} texts/s`);
	return words;
}

/** What a model is, each in a few words: `answers`, `1.2 B parameters`, `q4f16`, `8,192 tokens of context`. */
export function describeModel({ entry, state, bytes }: ModelListing): string[] {
	const words = [describeTasks(entry)];
	if (entry.parameters !== null) words.push(`${formatCount(entry.parameters)} parameters`);
	if (entry.dtype !== null) words.push(entry.dtype);
	words.push(`${entry.contextTokens.toLocaleString('en')} tokens of context`);
	if (entry.embedding) words.push(`${entry.embedding.dims} dimensions`);
	if (state.at === 'built-in' || state.at === 'remote') words.push('nothing to download');
	else words.push(bytes === null ? 'size is asked for at download' : formatBytes(bytes));
	return words;
}

function describeTasks({ tasks }: CatalogEntry): string {
	return tasks.map((task) => (task === 'embed' ? 'embeds' : 'answers')).join(' and ');
}

function secondsOf(ms: number): string {
	const seconds = ms / 1000;
	return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
}

function rateOf(perSecond: number): string {
	return perSecond < 10 ? String(Number(perSecond.toFixed(1))) : formatCount(perSecond);
}
