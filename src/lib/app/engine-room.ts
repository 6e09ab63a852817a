import type { ModelSpec } from '../core/model-spec.ts';
import { memoryBytes } from '../engines/fit-memory.ts';

/**
 * Whether one more engine has room beside those in use, by what their weights and contexts take together. `budget` in
 * bytes; where it is not known (null) there is room. An engine that takes nothing always has.
 */
export function engineRoom(
	inUse: readonly ModelSpec[],
	next: ModelSpec,
	budget: number | null
): 'beside' | 'in-turn' {
	const wanted = engineBytes(next);
	const taken = inUse.reduce((sum, spec) => sum + engineBytes(spec), 0);
	// Where nothing else takes memory there is nothing that could rest.
	if (budget === null || wanted === 0 || taken === 0) return 'beside';
	return taken + wanted <= budget ? 'beside' : 'in-turn';
}

/**
 * What all engines together may take, in bytes: half of the memory that the browser tells of, in GB. The rest is wanted
 * by the browser, its other tabs and the system. Null where it tells nothing.
 */
export function engineBudget(memoryGb: number | null): number | null {
	return memoryGb === null ? null : (memoryGb * 1e9) / 2;
}

/** What an engine takes with that model loaded; none for those that are built in or compute elsewhere. */
export function engineBytes(spec: ModelSpec): number {
	const bytes = spec.files.reduce((sum, file) => sum + file.bytes, 0);
	const unknown = { parameters: null, needs: [], largestFileBytes: null };
	return memoryBytes({ ...spec, ...unknown, bytes }) ?? 0;
}
