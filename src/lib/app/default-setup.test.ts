import { expect, test } from 'vitest';
import { indexIdOf, indexSpecOf } from '../knowledge/index-spec.ts';
import { scriptedModel } from '../testing/scripted-engine.ts';
import { defaultSetup } from './default-setup.ts';
import { choiceOf } from './model-directory.ts';

test('the first setup uses one model for everything, with the index that it makes', async () => {
	expect(await defaultSetup(scriptedModel)).toEqual({
		chat: choiceOf(scriptedModel),
		embedding: choiceOf(scriptedModel),
		index: await indexIdOf(indexSpecOf(scriptedModel)),
		adapters: []
	});
});

test('a model that does not embed cannot be the first', async () => {
	await expect(defaultSetup({ ...scriptedModel, embedding: null })).rejects.toMatchObject({
		code: 'engine/unsupported'
	});
});
