import type { CatalogEntry } from '../catalog/catalog-entry.ts';

/** One way to take a model that was found: a quantisation of it. */
export interface ModelVariant {
	/** Sum over its files. */
	readonly bytes: number;
	/** Ready to be frozen; what the user may correct (name, task, pooling, prefixes) is filled in as found. */
	readonly entry: CatalogEntry;
	/** The best choice on most devices: one of them. */
	readonly recommended: boolean;
}

/** What lies at a `ModelAddress`. At least one variant: a place without a usable model is an error that says why. */
export interface ModelFinding {
	/** For `ModelLibrary.add`: the finding is kept until then, or until the next one. */
	readonly id: string;
	/** For people: `Xenova/all-MiniLM-L6-v2`, or the name of the folder. */
	readonly title: string;
	readonly origin: 'hub' | 'address' | 'files';
	/** Largest quantisation first. */
	readonly variants: readonly ModelVariant[];
	/** What could not be found out and was assumed, in whole sentences: shown next to the fields. */
	readonly assumptions: readonly string[];
}
