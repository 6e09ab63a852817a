import { describe, expect, test } from 'vitest';
import type { ChatMessage, GenerateRequest } from '../../core/generation.ts';
import { chatMessages, chatRequest } from './chat-request.ts';

const request: GenerateRequest = {
	question: 'Hello',
	messages: [{ role: 'user', content: 'Hello' }],
	...{ passages: [], maxTokens: 40, temperature: 0.7, seed: null }
};
const none = new Set<string>();

describe('the request', () => {
	test('is streamed, counted, and says nothing that was not asked for', () => {
		expect(chatRequest(request, none)).toEqual({
			...{ stream: true, stream_options: { include_usage: true } },
			...{ messages: [{ role: 'user', content: 'Hello' }], max_tokens: 40, temperature: 0.7 }
		});
	});

	test('passes on how to choose tokens', () => {
		const sampling = { topP: 0.8, repetitionPenalty: 1.1, seed: 7 };
		expect(chatRequest({ ...request, ...sampling }, none)).toMatchObject({
			...{ top_p: 0.8, repetition_penalty: 1.1, seed: 7 }
		});
	});

	test('at temperature 0 leaves nothing to chance', () => {
		const { top_p, seed, temperature } = chatRequest(
			{ ...request, temperature: 0, topP: 0.9 },
			none
		);
		expect({ temperature, seed }).toEqual({ temperature: 0, seed: 0 });
		expect(top_p).toBeLessThan(1e-4);
		expect(top_p).toBeGreaterThan(0);
	});

	test('takes seeds and counts to what the runtime accepts', () => {
		const { seed, max_tokens } = chatRequest({ ...request, seed: 1.5, maxTokens: 0 }, none);
		expect({ seed, max_tokens }).toEqual({ seed: 1, max_tokens: 1 });
	});

	test('leaves stop strings to us: the runtime lets half of one through', () => {
		expect(chatRequest({ ...request, stop: ['END'] }, none)).not.toHaveProperty('stop');
	});
});

describe('the messages', () => {
	const say = (text: string): ChatMessage[] =>
		Array.from(text, (letter, at) => ({
			role: letter === 's' ? 'system' : letter === 'u' ? 'user' : 'assistant',
			content: `${letter}${at}`
		}));

	test.each([
		['u', ['user u0']],
		['suau', ['system s0', 'user u1', 'assistant a2', 'user u3']],
		['usu', ['system s1', 'user u0\n\nu2']],
		['ssu', ['system s0\n\ns1', 'user u2']],
		['uuaau', ['user u0\n\nu1', 'assistant a2\n\na3', 'user u4']]
	])('%s become turns, with the system in front', (text, turns) => {
		const messages = chatMessages(say(text), none);
		expect(messages.map(({ role, content }) => `${role} ${content}`)).toEqual(turns);
	});

	test('keep their dollars in templates, which are filled as by `replace`', () => {
		const text = "$$ $& $1 $' and $`";
		const [system, user] = chatMessages(
			[
				{ role: 'system', content: text },
				{ role: 'user', content: text }
			],
			none
		);
		expect('{x}'.replace('{x}', system!.content)).toBe(text);
		expect(user!.content).toBe(text);
		const templated = chatMessages([{ role: 'user', content: text }], new Set(['user']));
		expect('<{x}>'.replace('{x}', templated[0]!.content)).toBe(`<${text}>`);
	});
});
