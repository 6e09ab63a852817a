import type { GenerateDelta } from './base-model-engine.ts';
import type { GenerateOutcome } from './generation-meter.ts';

/**
 * The same stream, whose text ends before the first stop string: the one that is complete first, and the longest of
 * those. The source is then ended with `return()` and the outcome is `stop`, with the counts that the source still
 * gives; else its pieces count as tokens. Reasoning passes as it is. Of the text, no more is held back than may be the
 * beginning of a stop string. Empty stop strings mean nothing.
 */
export async function* cutAtStop(
	deltas: AsyncGenerator<GenerateDelta, GenerateOutcome>,
	stop: readonly string[] | undefined
): AsyncGenerator<GenerateDelta, GenerateOutcome> {
	const stops = stop?.filter((text) => text !== '') ?? [];
	if (stops.length === 0) return yield* deltas;
	let held = '';
	let pieces = 0;
	try {
		for (;;) {
			const next = await deltas.next();
			if (next.done) {
				yield* textDelta(held);
				return next.value;
			}
			pieces++;
			if (next.value.type !== 'text-delta') {
				yield next.value;
				continue;
			}
			const text = held + next.value.text;
			const end = placeOfStop(text, stops);
			if (end !== null) {
				held = '';
				yield* textDelta(text.slice(0, end));
				const outcome = { reason: 'stop', completionTokens: pieces } as const;
				const last = await deltas.return(outcome);
				return { ...outcome, ...(last.done ? last.value : null), reason: 'stop' };
			}
			const safe = text.length - lengthOfBeginning(text, stops);
			held = text.slice(safe);
			yield* textDelta(text.slice(0, safe));
		}
	} catch (error) {
		yield* textDelta(held);
		throw error;
	} finally {
		await deltas.return({ reason: 'cancelled' });
	}
}

function* textDelta(text: string): Generator<GenerateDelta, void> {
	if (text !== '') yield { type: 'text-delta', text };
}

/** Where the stop string begins that ends first, so that it does not matter how the text is cut into pieces. */
function placeOfStop(text: string, stops: readonly string[]): number | null {
	let start: number | null = null;
	let end = Infinity;
	for (const stop of stops) {
		const at = text.indexOf(stop);
		const after = at + stop.length;
		if (at === -1 || after > end) continue;
		start = after === end ? Math.min(start ?? at, at) : at;
		end = after;
	}
	return start;
}

/** How many characters at the end may become a stop string. */
function lengthOfBeginning(text: string, stops: readonly string[]): number {
	const longest = Math.max(...stops.map(({ length }) => length)) - 1;
	for (let length = Math.min(longest, text.length); length > 0; length--) {
		const ending = text.slice(-length);
		if (stops.some((stop) => stop.length > length && stop.startsWith(ending))) return length;
	}
	return 0;
}
