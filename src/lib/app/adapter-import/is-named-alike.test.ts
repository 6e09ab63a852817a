import { expect, test } from 'vitest';
import { isNamedAlike } from './is-named-alike.ts';

test.each([
	['Qwen/Qwen3-0.6B', 'onnx-community/Qwen3-0.6B-ONNX'],
	['Qwen/Qwen3-0.6B', 'Qwen3 0.6B'],
	['meta-llama/Llama-3.2-1B-Instruct', 'mlc-ai/Llama-3.2-1B-Instruct-q4f16_1-MLC'],
	['unsloth/llama-3.2-1b-instruct-bnb-4bit', 'Llama 3.2 1B Instruct'],
	['/home/me/models/tiny-llama/', 'Tiny Llama']
])('%s and %s are one model', (one, other) => {
	expect(isNamedAlike(one, other)).toBe(true);
	expect(isNamedAlike(other, one)).toBe(true);
});

test.each([
	['Llama-3.2-1B', 'Llama-3.2-1B-Instruct'],
	['Qwen3-0.6B', 'Qwen3-1.7B'],
	['', ''],
	['', 'Qwen3-0.6B'],
	['-', '_']
])('“%s” and “%s” are not', (one, other) => expect(isNamedAlike(one, other)).toBe(false));
