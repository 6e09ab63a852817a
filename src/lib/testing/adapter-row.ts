import type { AdapterCheckRow, AdapterRow } from '../adapters/adapter-records.ts';
import type { AdapterId, ModelId, Sha256 } from '../core/ids.ts';

/** An adapter named like its id, made for `Scripted 1`; wished for are other parts. */
export function adapterRow(id: string, parts: Partial<AdapterRow> = {}): AdapterRow {
	return {
		id: id as AdapterId,
		name: id,
		addedAt: 1000,
		source: `${id}-folder`,
		base: { name: 'tests/scripted', identity: null, model: 'Scripted 1' },
		rank: 4,
		modules: ['q_proj', 'v_proj'].map((module) => ({
			...{ module: `model.layers.0.self_attn.${module}`, rank: 4, inSize: 8, outSize: 8 }
		})),
		isZero: false,
		files: [
			{ path: 'adapter_config.json', bytes: 100, sha256: `${id}-config` as Sha256, parts: 1 },
			{ path: 'adapter_model.safetensors', bytes: 900, sha256: `${id}-body` as Sha256, parts: 1 }
		],
		bytes: 1000,
		wanted: false,
		strength: 1,
		...parts
	};
}

/** It has worked with the scripted model. */
export function adapterCheck(id: string, parts: Partial<AdapterCheckRow> = {}): AdapterCheckRow {
	return {
		...{ adapter: id as AdapterId, model: 'scripted' as ModelId, at: 2000 },
		...{ result: 'works', reason: 'It works.', matched: 2, of: 2 },
		...parts
	};
}
