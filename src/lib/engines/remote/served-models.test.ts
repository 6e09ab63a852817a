import { expect, test } from 'vitest';
import { FakeHttpClient } from '../../testing/fake-http-client.ts';
import { FakeOpenAi } from '../../testing/fake-open-ai.ts';
import { OpenAiServer } from './open-ai-server.ts';
import { servedModels } from './served-models.ts';
import type { ServedModel } from './remote-server.ts';

const url = 'http://fake.test/v1';

/** The models of a server whose list is that text. */
async function modelsOf(body: string): Promise<ServedModel[]> {
	const does = new FakeOpenAi();
	const headers = { 'content-type': 'application/json' };
	does.fault = () => ({ kind: 'reply', status: 200, body, headers });
	const http = new FakeHttpClient(does, url, 'https://sam.example');
	return servedModels(new OpenAiServer(http, { url, key: null }), new AbortController().signal);
}

test.each([
	['vLLM', { id: 'm', max_model_len: 8192 }, 8192],
	['llama.cpp', { id: 'm', meta: { n_ctx_train: 131072, n_ctx: 4096 } }, 4096],
	['older llama.cpp', { id: 'm', meta: { n_ctx_train: 2048 } }, 2048],
	['LM Studio', { id: 'm', max_context_length: 32768, loaded_context_length: 4096 }, 4096],
	['a router', { id: 'm', context_length: 16384 }, 16384],
	['Ollama, which does not say', { id: 'm', owned_by: 'library' }, null],
	['a server that says nonsense', { id: 'm', max_model_len: 'long', meta: null }, null],
	['a server that says 0', { id: 'm', max_model_len: 0 }, null]
])(
	'the context of a model of %s is known as far as it is told',
	async (_, model, contextTokens) => {
		expect(await modelsOf(JSON.stringify({ data: [model] }))).toEqual([
			{ model: 'm', contextTokens }
		]);
	}
);

test('models stay in their order, and what has no name is none', async () => {
	const data = [{ id: 'b' }, {}, null, { id: '' }, { id: 'a' }];
	const models = await modelsOf(JSON.stringify({ object: 'list', data }));
	expect(models.map(({ model }) => model)).toEqual(['b', 'a']);
});

test('a server without models has none', async () => {
	expect(await modelsOf('{"object":"list","data":null}')).toEqual([]);
	expect(await modelsOf('{"object":"list","data":[]}')).toEqual([]);
});

test.each(['{}', '{"models":[]}', '{"data":"many"}'])('%s is no list of models', async (body) => {
	await expect(modelsOf(body)).rejects.toMatchObject({
		code: 'remote/bad-answer',
		details: { server: 'fake.test', reason: 'it holds no list of models' }
	});
});
