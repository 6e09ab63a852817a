import type * as WebLlm from '@mlc-ai/web-llm';
import webLlmUrl from '@mlc-ai/web-llm?url';
import { lendCache } from './lend-cache.ts';
import { mlcModel, type CreateMlcEngine, type MlcEngine } from './mlc-engine.ts';
import { ModelCache } from './model-cache.ts';

/** WebLLM itself, which is fetched only now: it is large, and none of it is for the page. */
export const createMlcEngine: CreateMlcEngine = async (setup) => {
	const { task, cache, logitProcessor, onAlive } = setup;
	const release = lendCache(cache);
	// As it was built by its makers, a file of its own: nothing in it could be left out or made smaller.
	const { MLCEngine, ModelType } = (await import(/* @vite-ignore */ webLlmUrl)) as typeof WebLlm;
	const made = new MLCEngine({
		appConfig: {
			model_list: [
				{
					model: ModelCache.modelUrl,
					model_id: mlcModel,
					model_lib: ModelCache.libraryUrl,
					model_type: task === 'embed' ? ModelType.embedding : ModelType.LLM
				}
			]
		},
		initProgressCallback: onAlive,
		logLevel: 'ERROR',
		...(logitProcessor && { logitProcessorRegistry: new Map([[mlcModel, logitProcessor]]) })
	});
	const engine: Omit<MlcEngine, 'loadedModelIdToPipeline'> = made;
	return { engine: engine as MlcEngine, release };
};
