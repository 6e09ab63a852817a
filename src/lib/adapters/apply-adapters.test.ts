import { describe, expect, test } from 'vitest';
import { toAppError } from '../core/errors.ts';
import type { AdapterId } from '../core/ids.ts';
import type { ModelSpec } from '../core/model-spec.ts';
import { memoryModelFiles } from '../testing/memory-model-files.ts';
import { scriptedModel } from '../testing/scripted-engine.ts';
import { applyAdapters } from './apply-adapters.ts';
import type { AppliedAdapter } from './applied-adapter.ts';

const files = memoryModelFiles(new Map());
const style: AppliedAdapter = {
	...{ id: 'style' as AdapterId, name: 'My style', strength: 1 },
	modules: []
};

function model(engine: string, dtype: string | null, path?: string): ModelSpec {
	const file = { path: path ?? '', url: '', bytes: 1, sha256: '' as never };
	return { ...scriptedModel, engine, dtype, tasks: ['generate'], files: path ? [file] : [] };
}

describe('working adapters into files', () => {
	test('is refused with the reason and what to do where the weights are rounded', async () => {
		const spec = model('webllm', 'q4f16_1', 'mlc-chat-config.json');
		const error = await applyAdapters({ spec, files }, [style]).catch(toAppError);
		expect(error).toMatchObject({ code: 'adapter/engine', details: { engine: 'Scripted' } });
		expect(error).toHaveProperty(
			'message',
			expect.stringMatching(/^Scripted cannot take adapters: WebLLM has .*\.$/)
		);
	});

	test('is refused where there are no weights', async () => {
		const applying = applyAdapters({ spec: model('starter', null), files }, [style]);
		await expect(applying).rejects.toMatchObject({ code: 'adapter/engine' });
	});

	test('leaves the files as they are where no adapter is on', async () => {
		const spec = model('transformers', 'fp32', 'onnx/model.onnx');
		expect(await applyAdapters({ spec, files }, [])).toEqual({ files, matches: [] });
	});
});
