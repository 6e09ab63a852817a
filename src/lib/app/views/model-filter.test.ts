import { describe, expect, test } from 'vitest';
import { listingOf } from '../../testing/listing-of.ts';
import { everyModel, familiesOf, filterListings, type ModelFilter } from './model-filter.ts';

const starter = listingOf('Starter 2', {
	entry: { family: 'Starter', engine: 'starter', tasks: ['generate', 'embed'] },
	state: { at: 'built-in' }
});
const qwen = listingOf('Qwen 3 0.6B', {
	entry: {
		family: 'Qwen',
		engine: 'webllm',
		tasks: ['generate'],
		dtype: 'q4f16_1',
		source: { host: 'huggingface', repository: 'mlc-ai/Qwen3-0.6B-q4f16_1-MLC' }
	}
});
const minilm = listingOf('MiniLM', {
	entry: { family: 'BERT', engine: 'transformers', tasks: ['embed'], summary: 'Small and quick.' },
	state: { at: 'paused', done: 1, total: 2, damagedBytes: 0, error: null }
});

const namesFor = (filter: Partial<ModelFilter>, fits: () => boolean = () => true): string[] =>
	filterListings([starter, qwen, minilm], { ...everyModel, ...filter }, fits).map(
		({ entry }) => entry.name
	);

describe('the list of models', () => {
	test('is whole and in its order as long as nothing is asked for', () => {
		expect(namesFor({})).toEqual(['Starter 2', 'Qwen 3 0.6B', 'MiniLM']);
	});

	test.for([
		['qwen', ['Qwen 3 0.6B']],
		['  QUICK small ', ['MiniLM']],
		['q4f16_1', ['Qwen 3 0.6B']],
		['mlc-ai', ['Qwen 3 0.6B']],
		['webllm 0.6', ['Qwen 3 0.6B']],
		['qwen minilm', []]
	] as const)('is searched by all words of "%s"', ([text, names]) => {
		expect(namesFor({ text })).toEqual(names);
	});

	test('is narrowed to what a model can do: one that does both is in both', () => {
		expect(namesFor({ task: 'embed' })).toEqual(['Starter 2', 'MiniLM']);
		expect(namesFor({ task: 'generate' })).toEqual(['Starter 2', 'Qwen 3 0.6B']);
	});

	test('on this device is what is built in, installed, or partly here', () => {
		expect(namesFor({ where: 'here' })).toEqual(['Starter 2', 'MiniLM']);
	});

	test('on this device is nothing that runs on a server', () => {
		const state = { at: 'remote', origin: 'http://localhost:11434' } as const;
		const remote = listingOf('llama', { state });
		const here = { ...everyModel, where: 'here' } as const;
		expect(filterListings([remote, starter], here, () => true)).toEqual([starter]);
	});

	test('leaves out what this device cannot run', () => {
		expect(namesFor({ where: 'fits' }, () => false)).toEqual([]);
		expect(namesFor({ where: 'all' }, () => false)).toHaveLength(3);
	});

	test('is narrowed by all filters at once', () => {
		expect(namesFor({ family: 'BERT', task: 'embed', where: 'here', text: 'mini' })).toEqual([
			'MiniLM'
		]);
		expect(namesFor({ family: 'BERT', task: 'generate' })).toEqual([]);
	});
});

test('each family is offered once, in alphabetical order', () => {
	expect(familiesOf([starter, qwen, minilm, qwen])).toEqual(['BERT', 'Qwen', 'Starter']);
});
