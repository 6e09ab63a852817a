import { expect, test } from 'vitest';
import { tinyModel, tinySpec } from '../../../../tests/fixtures/tiny-models/tiny-models.ts';
import { memoryModelFiles } from '../../testing/memory-model-files.ts';
import type { LoadRequest } from '../engine-contract.ts';
import { TransformersEngine } from './transformers-engine.ts';

// In a file, and so a page, of its own: what fails here leaves the runtime unusable.

const { signal } = new AbortController();

async function request(damage: boolean): Promise<LoadRequest> {
	const model = tinyModel('tiny-bert-64');
	const files = new Map(model.build());
	if (damage) files.set('onnx/model.onnx', new Uint8Array(1000).fill(7));
	const spec = await tinySpec(model, files);
	return { spec, files: memoryModelFiles(files), device: 'wasm' };
}

test('a model that the runtime cannot read fails with a reason, and only a new worker helps', async () => {
	const engine = new TransformersEngine();
	const failed = engine.load(await request(true), { signal });
	await expect(failed).rejects.toMatchObject({ code: 'engine/bad-model' });
	expect(engine.status).toBe('failed');

	// Should this ever succeed, the runtime has learned to recover, and engines could be retried in place.
	const again = new TransformersEngine().load(await request(false), { signal });
	await expect(again).rejects.toMatchObject({ code: 'engine/bad-model' });
});
