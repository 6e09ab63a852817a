import { describe, expect, it } from 'vitest';
import {
	tinyAdapter,
	tinyAdapterTensors
} from '../../../../tests/fixtures/tiny-adapters/tiny-adapter.ts';
import type { ModelFileMap } from '../../../../tests/fixtures/tiny-models/model-file-map.ts';
import { memoryModelFiles } from '../../testing/memory-model-files.ts';
import type { PeftAdapter } from './peft-adapter.ts';
import { readPeft } from './read-peft.ts';

function read(files: ModelFileMap, pieceBytes?: number): Promise<PeftAdapter> {
	return readPeft(memoryModelFiles(files, pieceBytes));
}

describe('readPeft', () => {
	it('reads what PEFT wrote', async () => {
		const adapter = await read(tinyAdapter({ rank: 4, alpha: 8 }));
		const tensors = tinyAdapterTensors({ rank: 4 });
		expect(adapter).toMatchObject({ baseName: 'tests/tiny-llama', rank: 4, isZero: false });
		expect(adapter.paths).toEqual(['adapter_config.json', 'adapter_model.safetensors']);
		expect(adapter.modules.map(({ module }) => module)).toEqual([
			'model.layers.0.self_attn.q_proj',
			'model.layers.0.self_attn.v_proj',
			'model.layers.1.self_attn.q_proj',
			'model.layers.1.self_attn.v_proj'
		]);
		expect(adapter.modules[1]).toMatchObject({ rank: 4, inSize: 64, outSize: 32, scale: 2 });
		expect(adapter.modules[1]?.a).toEqual(tensors[2]?.values);
		expect(adapter.modules[1]?.b).toEqual(tensors[3]?.values);
	});

	it.each([1, 7, 100_000])('reads the same in pieces of %i bytes', async (pieceBytes) => {
		const files = tinyAdapter({ rank: 1, dtype: 'F16' });
		expect(await read(files, pieceBytes)).toEqual(await read(files));
	});
});
