import type { AdapterUse } from '../core/setup.ts';

/** Equal keys, equal change to a model: the same adapters at the same strengths, in whatever order. */
export function adaptersKey(uses: readonly AdapterUse[]): string {
	return uses
		.map(({ adapter, strength }) => `${adapter}*${strength}`)
		.toSorted()
		.join(' ');
}
