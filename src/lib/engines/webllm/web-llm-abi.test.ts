import { MLCEngine, modelLibURLPrefix, modelVersion, prebuiltAppConfig } from '@mlc-ai/web-llm';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { webLlmAbi } from './web-llm-abi.ts';

test('it is that of the WebLLM which is installed', () => {
	expect(webLlmAbi).toBe(modelVersion);
});

test('the libraries of that WebLLM lie where the ABI says', () => {
	const libraries = prebuiltAppConfig.model_list.map(({ model_lib }) => model_lib);
	const current = libraries.filter((url) => url.startsWith(`${modelLibURLPrefix}${webLlmAbi}/`));
	expect(current.length).toBeGreaterThan(100);
});

test('that WebLLM is pinned to the version: the next one may need other libraries', () => {
	const file = new URL('../../../../package.json', import.meta.url);
	const { dependencies } = JSON.parse(readFileSync(file, 'utf8')) as {
		dependencies: Record<string, string>;
	};
	expect(dependencies['@mlc-ai/web-llm']).toMatch(/^\d+\.\d+\.\d+$/);
});

test('it keeps its models where our way to its tokenizer leads', () => {
	const engine = new MLCEngine({ logLevel: 'SILENT' }) as unknown as Record<string, unknown>;
	expect(engine.loadedModelIdToPipeline).toBeInstanceOf(Map);
});
