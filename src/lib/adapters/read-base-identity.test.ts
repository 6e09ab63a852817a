import { describe, expect, it } from 'vitest';
import { tinyModel } from '../../../tests/fixtures/tiny-models/tiny-models.ts';
import { AppError } from '../core/errors.ts';
import type { Sha256 } from '../core/ids.ts';
import { memoryModelFiles } from '../testing/memory-model-files.ts';
import type { BaseIdentity } from './base-identity.ts';
import { readBaseIdentity } from './read-base-identity.ts';

const tokenizer = 'a'.repeat(64) as Sha256;
const utf8 = new TextEncoder();

const sizes = {
	hidden_size: 64,
	num_hidden_layers: 2,
	num_attention_heads: 4,
	num_key_value_heads: 2,
	intermediate_size: 128,
	vocab_size: 264
};
const tinyLlama: BaseIdentity = {
	architecture: 'llama',
	hiddenSize: 64,
	layers: 2,
	heads: 4,
	keyValueHeads: 2,
	intermediateSize: 128,
	vocabulary: 264,
	tokenizer
};

function identityOf(files: Readonly<Record<string, unknown>>): Promise<BaseIdentity | null> {
	const bytes = Object.entries(files).map(([path, content]): [string, Uint8Array<ArrayBuffer>] => [
		path,
		utf8.encode(typeof content === 'string' ? content : JSON.stringify(content))
	]);
	return readBaseIdentity(memoryModelFiles(new Map(bytes)), tokenizer);
}

describe('readBaseIdentity', () => {
	it('reads it of a model that can really run', async () => {
		const files = memoryModelFiles(tinyModel('tiny-llama').build());
		expect(await readBaseIdentity(files, tokenizer)).toEqual(tinyLlama);
		expect(await readBaseIdentity(files, null)).toEqual({ ...tinyLlama, tokenizer: null });
	});

	it('reads the same of the same model in the format of MLC', async () => {
		const config = { model_type: 'llama', quantization: 'q0f16', model_config: sizes };
		expect(await identityOf({ 'mlc-chat-config.json': config })).toEqual(tinyLlama);
	});

	it('reads that of the language model where a model sees as well', async () => {
		const text = { model_type: 'llama', ...sizes };
		const eyes = { model_type: 'clip', hidden_size: 1024 };
		const outer = { model_type: 'llava', hidden_size: 1, text_config: text, vision_config: eyes };
		expect(await identityOf({ 'config.json': outer })).toEqual(tinyLlama);
		const mlc = { model_type: 'llava', model_config: { vision_config: eyes, text_config: text } };
		expect(await identityOf({ 'mlc-chat-config.json': mlc })).toEqual(tinyLlama);
	});

	it('knows the names that other families have for their sizes', async () => {
		const config = { model_type: 'gpt2', n_embd: 768, n_layer: 12, n_head: 12, vocab_size: 50257 };
		expect(await identityOf({ 'config.json': config })).toEqual({
			architecture: 'gpt2',
			hiddenSize: 768,
			layers: 12,
			heads: 12,
			keyValueHeads: 12,
			intermediateSize: null,
			vocabulary: 50257,
			tokenizer
		});
	});

	it('believes config.json before the file of MLC, and that one where the first makes no sense', async () => {
		const mlc = { model_type: 'llama', model_config: sizes };
		const both = { 'mlc-chat-config.json': mlc };
		const qwen = await identityOf({ ...both, 'config.json': { model_type: 'qwen3' } });
		expect(qwen?.architecture).toBe('qwen3');
		expect(await identityOf({ ...both, 'config.json': '{' })).toEqual(tinyLlama);
		expect(await identityOf({ ...both, 'config.json': {} })).toEqual(tinyLlama);
	});

	it.each([
		['no files', {}],
		['other files', { 'tokenizer.json': {} }],
		['a list', { 'config.json': '[]' }],
		['a text', { 'config.json': '"llama"' }],
		['damage', { 'config.json': '{"model_type": "lla' }],
		['nothing told', { 'config.json': { torch_dtype: 'float16' } }],
		['a name twice', { 'config.json': '{"model_type": "a", "model_type": "b"}' }],
		['a file without end', { 'config.json': `{"a": "${'x'.repeat(5_000_000)}"}` }]
	])('is unknown for %s', async (_, files) => {
		expect(await identityOf(files)).toBeNull();
	});

	it.each([0, -64, 2.5, '64', null, [64], { size: 64 }, 2 ** 60, true])(
		'takes a size of %j for no size',
		async (size) => {
			const identity = await identityOf({
				'config.json': { model_type: 'llama', ...sizes, hidden_size: size }
			});
			expect(identity).toEqual({ ...tinyLlama, hiddenSize: null });
		}
	);

	it.each(['', 'x'.repeat(81), '<b>llama</b>', 7, null, ['llama']])(
		'takes an architecture %j for none',
		async (model_type) => {
			const identity = await identityOf({ 'config.json': { model_type, ...sizes } });
			expect(identity).toEqual({ ...tinyLlama, architecture: null });
		}
	);

	it('does not hide that files cannot be read', async () => {
		const files = {
			paths: ['config.json'],
			open: () => Promise.reject(new AppError('library/damaged'))
		};
		await expect(readBaseIdentity(files, null)).rejects.toMatchObject({ code: 'library/damaged' });
	});
});
