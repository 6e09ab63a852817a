/** Projections that some models and exporters compute as one, their results side by side in this order. */
const packs = [
	{ packed: 'qkv_proj', parts: ['q_proj', 'k_proj', 'v_proj'] },
	{ packed: 'gate_up_proj', parts: ['gate_proj', 'up_proj'] }
] as const;

/** The module that may hold this one as its part number `index` of `parts`; null for modules that nothing packs. */
export function packOf(
	module: string
): { readonly module: string; readonly parts: readonly string[]; readonly index: number } | null {
	const { parent, leaf } = split(module);
	for (const { packed, parts } of packs) {
		const index = parts.findIndex((part) => part === leaf);
		if (index !== -1) return { module: parent + packed, parts, index };
	}
	return null;
}

/** The modules that may be the parts of this one, in order; empty for modules that are not packed. */
export function partsOf(module: string): readonly string[] {
	const { parent, leaf } = split(module);
	const pack = packs.find(({ packed }) => packed === leaf);
	return pack?.parts.map((part) => parent + part) ?? [];
}

/** How wide queries, keys and values are; null where a model's `config.json` does not tell. */
export interface HeadWidths {
	readonly queries: number;
	readonly keyValues: number;
}

/** From the content of a `config.json`. */
export function readHeadWidths(config: unknown): HeadWidths | null {
	if (typeof config !== 'object' || config === null) return null;
	const outer = config as Readonly<Record<string, unknown>>;
	if (outer.num_attention_heads === undefined) return readHeadWidths(outer.text_config ?? null);
	const number = (key: string): number | null => {
		const value = outer[key];
		return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : null;
	};
	const heads = number('num_attention_heads');
	const hidden = number('hidden_size');
	if (heads === null) return null;
	const width = number('head_dim') ?? (hidden === null ? null : hidden / heads);
	if (width === null) return null;
	return { queries: heads * width, keyValues: (number('num_key_value_heads') ?? heads) * width };
}

/** The widths of the parts of a packed layer that is `outSize` wide; null where they do not add up. */
export function partWidths(
	parts: number,
	outSize: number,
	heads: HeadWidths | null
): readonly number[] | null {
	if (parts === 2) return outSize % 2 === 0 ? [outSize / 2, outSize / 2] : null;
	if (!heads || heads.queries + 2 * heads.keyValues !== outSize) return null;
	return [heads.queries, heads.keyValues, heads.keyValues];
}

function split(module: string): { parent: string; leaf: string } {
	const dot = module.lastIndexOf('.') + 1;
	return { parent: module.slice(0, dot), leaf: module.slice(dot) };
}
