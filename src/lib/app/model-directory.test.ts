import { expect, test } from 'vitest';
import type { ModelId } from '../core/ids.ts';
import { scriptedModel } from '../testing/scripted-engine.ts';
import { choiceOf, ModelDirectory } from './model-directory.ts';

const builtIn = { ...scriptedModel, id: 'built-in' as ModelId, name: 'Built in' };
const installed = { ...scriptedModel, id: 'installed' as ModelId, revision: 'abc' };

function directory() {
	const asked: ModelId[] = [];
	return {
		asked,
		models: new ModelDirectory({
			builtIn: [builtIn],
			installed: async (model) => {
				asked.push(model);
				return model === installed.id ? installed : null;
			}
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
