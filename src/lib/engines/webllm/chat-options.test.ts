import { describe, expect, test } from 'vitest';
import { fakeMlcRequest } from '../../testing/fake-mlc-model.ts';
import { optionsForChat, optionsForEmbedding } from './chat-options.ts';

const chat = (contextTokens: number) => ({ ...fakeMlcRequest('generate').spec, contextTokens });
const embed = fakeMlcRequest('embed').spec;

describe('the context of a chat', () => {
	test.each([
		[4096, 40_960, 4096],
		[8192, 4096, 4096],
		[2048, -1, 2048]
	])('of %i tokens, in a model made for %i, is %i', (asked, made, given) => {
		const { options, contextTokens } = optionsForChat({ context_window_size: made }, chat(asked));
		expect(contextTokens).toBe(given);
		expect(options.context_window_size).toBe(given);
	});

	test('is left alone where it slides: the runtime takes only one of the two', () => {
		const config = { context_window_size: -1, sliding_window_size: 1024 };
		const { options } = optionsForChat(config, chat(4096));
		expect(options).not.toHaveProperty('context_window_size');
	});
});

describe('templates of a chat', () => {
	const template = {
		role_templates: { user: '{user_message}', tool: 'Result: {tool_message}' },
		system_prefix_token_ids: [1, 2]
	};

	test('that only repeat the text are left out, the others are known', () => {
		const { options, templated } = optionsForChat({ conv_template: template }, chat(100));
		expect(options.conv_config?.role_templates).toEqual({ tool: 'Result: {tool_message}' });
		expect([...templated]).toEqual(['tool']);
	});

	test('that the model overrules itself stay overruled', () => {
		const conv_config = { role_templates: { user: 'Q: {user_message}' } };
		const { templated } = optionsForChat({ conv_template: template, conv_config }, chat(100));
		expect([...templated]).toEqual(['user']);
	});

	test('may be missing', () => {
		const { templated, prefixTokens } = optionsForChat({}, chat(100));
		expect({ count: templated.size, prefixTokens }).toEqual({ count: 0, prefixTokens: 0 });
	});

	test('begin with tokens that nobody counts', () => {
		expect(optionsForChat({ conv_template: template }, chat(100)).prefixTokens).toBe(2);
	});
});

test('a model that makes vectors reads as much as it can at once, whatever its window', () => {
	const config = { context_window_size: 8192, prefill_chunk_size: 512, sliding_window_size: 64 };
	expect(optionsForEmbedding(config, embed)).toMatchObject({
		options: { context_window_size: 512, sliding_window_size: -1 },
		contextTokens: 512
	});
});
