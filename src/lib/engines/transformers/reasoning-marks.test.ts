import { PreTrainedTokenizer } from '@huggingface/transformers';
import { describe, expect, it } from 'vitest';
import { byteLevelTokenizer } from '../../../../tests/fixtures/tiny-models/byte-level-tokenizer.ts';
import { hiddenTokens, reasoningMarks } from './reasoning-marks.ts';

const { tokenizer: json, config } = byteLevelTokenizer(512);
const tokenizer = new PreTrainedTokenizer(json, config);
const bytes = (text: string): number[] => [...new TextEncoder().encode(text)];

describe('reasoningMarks', () => {
	it('are the tokens of the marks, alone', () => {
		const marks = reasoningMarks(tokenizer, { open: '<|bos|>', close: '</z>', opened: false });
		expect(marks).toEqual({ open: [256], close: bytes('</z>') });
	});

	it('are empty where a model has no such mark', () => {
		expect(reasoningMarks(tokenizer, { open: '', close: '</z>', opened: true }).open).toEqual([]);
	});
});

describe('hiddenTokens', () => {
	it('are the special ones, and those that end an answer', () => {
		expect([...hiddenTokens([256, 257], [257, 99], null)]).toEqual([256, 257, 99]);
	});

	it('are never those of the marks', () => {
		const marks = { open: [256], close: [1, 2] };
		expect([...hiddenTokens([2, 256, 257], [], marks)]).toEqual([257]);
	});
});
