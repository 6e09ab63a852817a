import type { CatalogEntry } from '../catalog/catalog-entry.ts';
import type { ModelVariant } from './model-finding.ts';

/** The ways to take a model, largest first, and what had to be assumed, in whole sentences. */
export interface FoundVariants {
	readonly variants: readonly ModelVariant[];
	readonly assumptions: readonly string[];
}

/** `preferred` are quantisations, the best for most devices first: the first that there is gets recommended. */
export function variantsOf(
	entries: readonly CatalogEntry[],
	preferred: readonly string[]
): ModelVariant[] {
	const best = preferred.find((dtype) => entries.some((entry) => entry.dtype === dtype));
	return entries
		.map((entry) => ({
			bytes: entry.files.reduce((sum, file) => sum + (file.bytes ?? 0), 0),
			entry,
			recommended: entry.dtype === (best ?? entries[0]?.dtype)
		}))
		.sort((a, b) => b.bytes - a.bytes);
}
