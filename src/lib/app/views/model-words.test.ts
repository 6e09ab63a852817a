import { describe, expect, test } from 'vitest';
import type { ModelId } from '../../core/ids.ts';
import { listingOf } from '../../testing/listing-of.ts';
import {
	countOf,
	describeEta,
	describeModel,
	describeProgress,
	describeSpeed,
	formatCount
} from './model-words.ts';

test.for([
	[0, '0'],
	[999, '999'],
	[1500, '1.5 K'],
	[22_700_000, '23 M'],
	[1_000_000, '1 M'],
	[999_700_000, '1 B'],
	[1_236_000_000, '1.2 B'],
	[70_600_000_000, '71 B']
] as const)('%i parameters are %s', ([count, words]) => {
	expect(formatCount(count)).toBe(words);
});

test.for([
	[0, 'a few seconds left'],
	[9.9, 'a few seconds left'],
	[30, 'less than a minute left'],
	[60, 'about 1 minute left'],
	[125, 'about 2 minutes left'],
	[3599, 'about 1 hour left'],
	[3 * 3600, 'about 3 hours left'],
	[49 * 3600, 'more than a day left']
] as const)('%d seconds are "%s"', ([seconds, words]) => {
	expect(describeEta(seconds)).toBe(words);
});

test('a noun has an s unless there is one of it', () => {
	expect([0, 1, 1200].map((count) => countOf(count, 'model'))).toEqual([
		'0 models',
		'1 model',
		'1,200 models'
	]);
});

describe('progress', () => {
	const bytes = { done: 500_000_000, total: 2_300_000_000 };

	test('tells speed and time once there is a speed', () => {
		expect(describeProgress({ at: 'downloading', ...bytes, bytesPerSecond: 12_000_000 })).toBe(
			'500 MB of 2.3 GB, 12.0 MB/s, about 3 minutes left'
		);
		expect(describeProgress({ at: 'downloading', ...bytes, bytesPerSecond: null })).toBe(
			'500 MB of 2.3 GB'
		);
	});

	test('says that it is paused', () => {
		expect(describeProgress({ at: 'paused', ...bytes, damagedBytes: 0, error: null })).toBe(
			'500 MB of 2.3 GB, paused'
		);
	});
});

test('a measurement tells only what the model can do', () => {
	const measured = { model: 'm' as ModelId, at: 0, device: 'webgpu', loadMs: 1234 } as const;
	expect(
		describeSpeed({
			...measured,
			firstTokenMs: 280,
			tokensPerSecond: 24.4,
			textsPerSecond: null
		})
	).toEqual(['load 1.2 s', 'first token 0.3 s', '24 tokens/s']);
	expect(
		describeSpeed({
			...measured,
			loadMs: 12_300,
			firstTokenMs: null,
			tokensPerSecond: null,
			textsPerSecond: 3.25
		})
	).toEqual(['load 12 s', '3.3 texts/s']);
});

describe('what a model is', () => {
	test('a chat model whose size only its publisher knows', () => {
		expect(describeModel(listingOf('Chat'))).toEqual([
			'answers',
			'1.2 B parameters',
			'q4f16',
			'8,192 tokens of context',
			'size is asked for at download'
		]);
	});

	test('an embedder', () => {
		const embedding = {
			dims: 384,
			pooling: 'mean',
			prefixes: { query: '', passage: '' },
			normalise: true,
			maxTokens: 512
		} as const;
		const listing = listingOf('Embedder', {
			entry: { tasks: ['embed'], embedding, contextTokens: 512, parameters: 22_700_000 },
			bytes: 23_000_000
		});
		expect(describeModel(listing)).toEqual([
			'embeds',
			'23 M parameters',
			'q4f16',
			'512 tokens of context',
			'384 dimensions',
			'23.0 MB'
		]);
	});

	test('a built-in model', () => {
		const entry = { tasks: ['generate', 'embed'], parameters: null, dtype: null } as const;
		expect(describeModel(listingOf('Starter', { entry, state: { at: 'built-in' } }))).toEqual([
			'answers and embeds',
			'8,192 tokens of context',
			'nothing to download'
		]);
	});

	test('a model on a server', () => {
		const state = { at: 'remote', origin: 'http://localhost:11434' } as const;
		const entry = { parameters: null, dtype: null };
		expect(describeModel(listingOf('llama', { entry, state, bytes: 0 }))).toEqual([
			'answers',
			'8,192 tokens of context',
			'nothing to download'
		]);
	});
});
