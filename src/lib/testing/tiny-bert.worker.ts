import { tinyModel, tinySpec } from '../../../tests/fixtures/tiny-models/tiny-models.ts';
import { toAppError } from '../core/errors.ts';
import { TransformersEngine } from '../engines/transformers/transformers-engine.ts';
import { memoryModelFiles } from './memory-model-files.ts';

/** For a text, posts its vector by Tiny BERT 64 and the addresses that this worker read; or the error's message. */
globalThis.onmessage = async ({ data: text }: MessageEvent<string>) => {
	const { signal } = new AbortController();
	try {
		const model = tinyModel('tiny-bert-64');
		const files = model.build();
		const spec = await tinySpec(model, files);
		const engine = new TransformersEngine();
		await engine.load({ spec, files: memoryModelFiles(files), device: 'wasm' }, { signal });
		const [vector] = await engine.embed([text], { signal, purpose: 'passage' });
		const urls = performance.getEntriesByType('resource').map(({ name }) => name);
		globalThis.postMessage({ vector, urls });
	} catch (error) {
		globalThis.postMessage({ error: toAppError(error).message });
	}
};
