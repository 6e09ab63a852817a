import { expect, test } from 'vitest';
import type { ModelId } from '../core/ids.ts';
import type { ModelSpec } from '../core/model-spec.ts';
import { scriptedModel } from '../testing/scripted-engine.ts';
import { choiceOf, ModelDirectory } from './model-directory.ts';

const builtIn = { ...scriptedModel, id: 'built-in' as ModelId, name: 'Built in' };
const installed = { ...scriptedModel, id: 'installed' as ModelId, revision: 'abc' };
const served: ModelSpec = {
	...{ ...scriptedModel, id: 'remote-a1-llama' as ModelId, engine: 'remote', revision: 'def' },
	remote: { server: 'a1', model: 'llama' }
};

function directory() {
	const asked: ModelId[] = [];
	return {
		asked,
		models: new ModelDirectory({
			builtIn: [builtIn],
			installed: async (model) => {
				asked.push(model);
				return model === installed.id ? installed : null;
			},
			served: async () => [served]
		})
	};
}

test('a built-in model is known without looking at what is installed', async () => {
	const { models, asked } = directory();
	expect(await models.spec(choiceOf(builtIn))).toBe(builtIn);
	expect(asked).toEqual([]);
});

test('an installed model is what its manifest says', async () => {
	expect(await directory().models.spec(choiceOf(installed))).toBe(installed);
});

test('a model of a server of the user is what its server is chosen for, and asks no network', async () => {
	const { models, asked } = directory();
	expect(await models.spec(choiceOf(served))).toBe(served);
	expect(asked).toEqual([]);
});

test.each([
	['is gone', { ...choiceOf(served), model: 'remote-b2-llama' as ModelId }],
	['has another address', { ...choiceOf(served), revision: '123' }]
])('a model whose server %s says that it is in Settings no more', async (_, choice) => {
	await expect(directory().models.spec(choice)).rejects.toMatchObject({
		code: 'remote/not-found',
		details: { name: 'Scripted' }
	});
});

test.each([
	['is not on this device', { ...choiceOf(installed), model: 'gone' as ModelId }],
	['is here at another revision', { ...choiceOf(installed), revision: 'def' }],
	['is built in at another revision', { ...choiceOf(builtIn), revision: '9' }]
])('a model that %s is not installed, and the error names it', async (_, choice) => {
	await expect(directory().models.spec({ ...choice, name: 'My model' })).rejects.toMatchObject({
		code: 'library/not-installed',
		details: { model: 'My model' }
	});
});

test('a setup records of a model what it takes to find it again', () => {
	expect(choiceOf(installed)).toEqual({
		engine: 'scripted',
		model: 'installed',
		revision: 'abc',
		name: 'Scripted'
	});
});
