/** What a text costs an engine besides its characters, in characters. */
const charactersPerText = 32;

const fastestGrowth = 2;

/** What it costs to embed so many texts at once, in characters: engines pad them to the longest. */
export function textWork(longest: number, count: number): number {
	return count * (longest + charactersPerText);
}

export interface Pace {
	/** So long some work should take, in milliseconds. */
	readonly targetMs: number;
	/** No less than this part of the last amount is tried next, however slow it was. */
	readonly fastestShrinking: number;
}

/** How much work takes `targetMs`, after `done` took `ms` where `planned` had been allowed. Steps are bounded both ways. */
export function pacedWork(planned: number, done: number, ms: number, pace: Pace): number {
	const wanted = ms > 0 ? (done * pace.targetMs) / ms : Infinity;
	const highest = Math.max(planned, done) * fastestGrowth;
	return Math.min(highest, Math.max(planned * pace.fastestShrinking, wanted));
}
