import { PreTrainedTokenizer } from '@huggingface/transformers';
import { describe, expect, it } from 'vitest';
import { byteLevelTokenizer } from '../../../../tests/fixtures/tiny-models/byte-level-tokenizer.ts';
import type { ChatMessage } from '../../core/generation.ts';
import { ChatPrompt } from './chat-prompt.ts';

const { tokenizer: json, config } = byteLevelTokenizer(8192);

/** A tokenizer of bytes whose chat template is this; undefined: its own; null: none. */
function tokenizerWith(template?: string | null): PreTrainedTokenizer {
	const own = config as { chat_template: string };
	const { chat_template: chatTemplate, ...rest } = own;
	const chosen = template === undefined ? chatTemplate : template;
	return new PreTrainedTokenizer(json, chosen === null ? rest : { ...rest, chat_template: chosen });
}

function promptOf(
	tokenizer: PreTrainedTokenizer,
	messages: readonly ChatMessage[],
	template: string | null = null
): string {
	const prompt = new ChatPrompt(tokenizer, { name: 'Nettle', template });
	return tokenizer.decode([...prompt.tokens(messages)].map(Number));
}

const talk: readonly ChatMessage[] = [
	{ role: 'system', content: 'Be brief.' },
	{ role: 'user', content: 'What is a heron?' },
	{ role: 'assistant', content: 'A bird.' },
	{ role: 'user', content: 'Où vit-il ?' }
];

/** The turns between marks, with what the system says as a turn of its own. */
const chatMl =
	"{% for m in messages %}{{ '<|im_start|>' + m.role + '\n' + m.content + '<|im_end|>' + '\n' }}{% endfor %}" +
	"{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}";

/** Headers, an empty line, trimmed contents, and a beginning of text that the template writes itself. */
const headers =
	'{{ bos_token }}{% for m in messages %}' +
	"{{ '<|im_start|>' + m['role'] + '<|im_start|>\n\n' + m['content'] | trim + '<|im_end|>' }}" +
	"{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant<|im_start|>\n\n' }}{% endif %}";

/** Knows two roles that take turns, calls one of them by another name, and refuses all else. */
const twoRoles =
	"{{ bos_token }}{% if messages[0]['role'] == 'system' %}{{ raise_exception('No system role here') }}{% endif %}" +
	"{% for m in messages %}{% if (m['role'] == 'user') != (loop.index0 % 2 == 0) %}" +
	"{{ raise_exception('Roles must take turns') }}{% endif %}" +
	"{% if m['role'] == 'assistant' %}{% set role = 'model' %}{% else %}{% set role = m['role'] %}{% endif %}" +
	"{{ '<|im_start|>' + role + '\n' + m['content'] | trim + '<|im_end|>\n' }}{% endfor %}" +
	"{% if add_generation_prompt %}{{ '<|im_start|>model\n' }}{% endif %}";

describe('ChatPrompt', () => {
	it('writes the turns between marks', () => {
		expect(promptOf(tokenizerWith(chatMl), talk)).toBe(
			'<|im_start|>system\nBe brief.<|im_end|>\n' +
				'<|im_start|>user\nWhat is a heron?<|im_end|>\n' +
				'<|im_start|>assistant\nA bird.<|im_end|>\n' +
				'<|im_start|>user\nOù vit-il ?<|im_end|>\n<|im_start|>assistant\n'
		);
	});

	it('writes the beginning of the text once, where the template does', () => {
		const prompt = promptOf(tokenizerWith(headers), talk);
		expect(prompt.split('<|bos|>')).toHaveLength(2);
		expect(prompt.startsWith('<|bos|><|im_start|>system<|im_start|>\n\nBe brief.<|im_end|>')).toBe(
			true
		);
	});

	it('gives what the system says to the first question where there is no role for it', () => {
		expect(promptOf(tokenizerWith(twoRoles), talk)).toBe(
			'<|bos|><|im_start|>user\nBe brief.\n\nWhat is a heron?<|im_end|>\n' +
				'<|im_start|>model\nA bird.<|im_end|>\n' +
				'<|im_start|>user\nOù vit-il ?<|im_end|>\n<|im_start|>model\n'
		);
	});

	it('makes one turn of two where the template wants turns', () => {
		const asked: readonly ChatMessage[] = [talk[1]!, talk[3]!];
		expect(promptOf(tokenizerWith(twoRoles), asked)).toBe(
			'<|bos|><|im_start|>user\nWhat is a heron?\n\nOù vit-il ?<|im_end|>\n<|im_start|>model\n'
		);
	});

	it('goes by the template beside the tokenizer first', () => {
		const short = "{{ messages[-1]['content'] }}{{ messages[0]['content'] }}";
		expect(promptOf(tokenizerWith(chatMl), talk, short)).toBe('Où vit-il ?Be brief.');
	});

	it('has a plain prompt for models without a template, and knows how their answers end', () => {
		const tokenizer = tokenizerWith(null);
		expect(promptOf(tokenizer, talk)).toBe(
			'Be brief.\n\nUser: What is a heron?\nAssistant: A bird.\nUser: Où vit-il ?\nAssistant:'
		);
		expect(new ChatPrompt(tokenizer, { name: 'Nettle', template: null }).stops).toEqual([
			'\nUser:'
		]);
		expect(new ChatPrompt(tokenizerWith(), { name: 'Nettle', template: null }).stops).toEqual([]);
	});

	it.each([
		['refuses everything', "{{ raise_exception('Tools only') }}", 'Tools only'],
		['is no template', '{% if %}', 'template']
	])('says so where the template %s', (_, template, words) => {
		expect(() => promptOf(tokenizerWith(template), talk)).toThrow(
			expect.objectContaining({
				code: 'engine/bad-model',
				message: expect.stringContaining(words) as string
			})
		);
	});
});
