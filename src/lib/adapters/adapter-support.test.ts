import { describe, expect, test } from 'vitest';
import type { Sha256 } from '../core/ids.ts';
import type { ModelSpec } from '../core/model-spec.ts';
import { adapterSupport } from './adapter-support.ts';

type Subject = Parameters<typeof adapterSupport>[0];

function model(engine: string, dtype: string | null, ...paths: readonly string[]): Subject {
	const sha256 = '' as Sha256;
	const files = paths.map((path) => ({
		path,
		url: `https://hub.invalid/${path}`,
		bytes: 1,
		sha256
	}));
	return { engine, dtype, files, name: 'Qwen', tasks: ['generate'] as ModelSpec['tasks'] };
}

const onnx = (engine: string, dtype: string | null) =>
	model(engine, dtype, 'config.json', 'onnx/model.onnx');
const mlc = (engine: string, dtype: string | null) =>
	model(engine, dtype, 'mlc-chat-config.json', 'params_shard_0.bin');

/** Why not, and what to do: none where it takes adapters. */
function refusal(subject: Subject): { readonly reason: string; readonly instead: string } | null {
	const support = adapterSupport(subject);
	return support.ok ? null : support;
}

describe('a model of ONNX files', () => {
	test.each(['fp32', 'fp16', 'q4', 'q4f16', null])('takes adapters as %s', (dtype) => {
		expect(adapterSupport(onnx('transformers', dtype))).toEqual({ ok: true, by: 'graph' });
		expect(adapterSupport(onnx('deepseek', dtype))).toEqual({ ok: true, by: 'graph' });
	});

	test('takes none where it is made of several graphs', () => {
		const graphs = ['onnx/embed_tokens_q4.onnx', 'onnx/decoder_model_merged_q4.onnx'];
		expect(refusal(model('transformers', 'q4', ...graphs))?.reason).toContain('several graphs');
	});

	test('takes none in a number format that nobody knows, and says which', () => {
		expect(refusal(onnx('transformers', 'bnb4'))?.reason).toContain('bnb4');
	});
});

describe('a model of MLC files', () => {
	test.each(['q0f16', 'q0f32'])('takes adapters where nothing is rounded: %s', (dtype) => {
		expect(adapterSupport(mlc('webllm', dtype))).toEqual({ ok: true, by: 'weights' });
		expect(adapterSupport(mlc('deepseek', dtype))).toEqual({ ok: true, by: 'weights' });
	});

	test.each([
		['q4f16_1', '4 bits'],
		['q4f32_1', '4 bits'],
		['q3f16_1', '3 bits']
	])('takes none as %s, and says why and what to do', (dtype, bits) => {
		const { reason, instead } = refusal(mlc('webllm', dtype)) ?? {};
		expect(reason).toContain(bits);
		expect(instead).toMatch(/ONNX variant.*q0f16, q0f32/);
	});

	test('takes none in a number format that nobody knows', () => {
		expect(adapterSupport(mlc('webllm', null))).toMatchObject({ ok: false });
	});
});

describe('a model without weights of its own here', () => {
	test('takes none: Starter quotes', () => {
		expect(refusal(model('starter', null))?.reason).toContain('no weights');
	});

	test('takes none: a server has them', () => {
		expect(refusal(model('remote', null))?.instead).toContain('server itself');
	});

	test('takes none: its files are of another kind', () => {
		expect(adapterSupport(model('custom', null, 'weights.bin'))).toMatchObject({ ok: false });
	});
});

test('a model that only embeds takes none, whatever its files are', () => {
	const embedder: Subject = { ...onnx('transformers', 'fp32'), tasks: ['embed'] };
	expect(adapterSupport(embedder)).toMatchObject({ ok: false, reason: 'it writes no answers' });
});

test('reasons go on a sentence, and what to do is one', () => {
	const refused = [model('starter', null), model('remote', null), mlc('webllm', 'q4f16_1')];
	for (const { reason, instead } of refused.flatMap((subject) => refusal(subject) ?? [])) {
		expect(reason).not.toMatch(/\.$/);
		expect(instead).toMatch(/^[A-Z].*\.$/);
	}
});
