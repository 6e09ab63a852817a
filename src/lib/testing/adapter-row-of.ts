import type { AdapterRow } from '../adapters/adapter-records.ts';
import type { AdapterId } from '../core/ids.ts';

/** An adapter of that name that is wanted; its id is told by the name, its files are none. */
export function adapterRowOf(name: string, parts: Partial<AdapterRow> = {}): AdapterRow {
	return {
		id: adapterIdOf(name),
		name,
		addedAt: 1_700_000_000_000,
		source: 'a folder',
		base: { name: 'test/base', identity: null, model: null },
		rank: 4,
		modules: [{ module: 'model.layers.0.self_attn.q_proj', rank: 4, inSize: 8, outSize: 8 }],
		isZero: false,
		files: [],
		bytes: 0,
		wanted: true,
		strength: 1,
		...parts
	};
}

/** 64 hex characters that are the same for the same name. */
export function adapterIdOf(name: string): AdapterId {
	const hex = [...new TextEncoder().encode(name)].map((byte) => byte.toString(16).padStart(2, '0'));
	return hex.join('').padEnd(64, '0').slice(0, 64) as AdapterId;
}
