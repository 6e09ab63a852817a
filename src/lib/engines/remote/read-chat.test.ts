import { describe, expect, test } from 'vitest';
import type { GenerateDelta } from '../base-model-engine.ts';
import type { GenerateOutcome } from '../generation-meter.ts';
import { readChat } from './read-chat.ts';
import type { SseEvent } from './sse-parser.ts';

async function* eventsOf(chunks: readonly (object | string)[]): AsyncGenerator<SseEvent> {
	await Promise.resolve();
	for (const each of chunks)
		yield { type: 'message', data: typeof each === 'string' ? each : JSON.stringify(each) };
}

/** What is made of these chunks. */
async function read(
	...chunks: readonly (object | string)[]
): Promise<{ readonly deltas: GenerateDelta[]; readonly outcome: GenerateOutcome }> {
	const chat = readChat(eventsOf(chunks), (reason) => new Error(reason));
	const deltas: GenerateDelta[] = [];
	for (;;) {
		const next = await chat.next();
		if (next.done) return { deltas, outcome: next.value };
		deltas.push(next.value);
	}
}

function chunk(delta: object, finish: string | null = null): object {
	return { choices: [{ index: 0, delta, finish_reason: finish }] };
}

const text = (words: string): GenerateDelta => ({ type: 'text-delta', text: words });
const thought = (words: string): GenerateDelta => ({ type: 'reasoning-delta', text: words });

describe('what a server streams', () => {
	test('is its text, piece by piece', async () => {
		const { deltas, outcome } = await read(
			chunk({ role: 'assistant', content: '' }),
			chunk({ content: 'Two' }),
			chunk({ content: ' years.' }),
			chunk({}, 'stop'),
			'[DONE]'
		);
		expect(deltas).toEqual([text('Two'), text(' years.')]);
		expect(outcome).toEqual({ reason: 'stop' });
	});

	test.each(['reasoning_content', 'reasoning'])('may reason in %s', async (field) => {
		const { deltas } = await read(
			chunk({ [field]: 'Let me see', content: null }),
			chunk({ [field]: null, content: 'Two' }, 'stop')
		);
		expect(deltas).toEqual([thought('Let me see'), text('Two')]);
	});

	test('may come whole from a server that does not stream', async () => {
		const message = { role: 'assistant', content: 'Two years.' };
		const { deltas, outcome } = await read({ choices: [{ message, finish_reason: 'stop' }] });
		expect(deltas).toEqual([text('Two years.')]);
		expect(outcome.reason).toBe('stop');
	});

	test.each([
		['stop', 'stop'],
		['length', 'length'],
		['eos', 'stop'],
		['content_filter', 'stop'],
		['tool_calls', 'stop']
	])('that ends with %s ends with %s', async (finish, reason) => {
		expect((await read(chunk({ content: 'a' }, finish))).outcome.reason).toBe(reason);
	});

	test('may end without a reason when it is done', async () => {
		expect((await read(chunk({ content: 'a' }), '[DONE]')).outcome.reason).toBe('stop');
	});

	test('tells its counts in a chunk of their own', async () => {
		const usage = {
			prompt_tokens: 12,
			completion_tokens: 3,
			prompt_tokens_details: { cached_tokens: 8 }
		};
		const { outcome } = await read(
			chunk({ content: 'a' }, 'stop'),
			{ choices: [], usage },
			'[DONE]'
		);
		expect(outcome).toEqual({
			...{ reason: 'stop', promptTokens: 12, completionTokens: 3, cachedTokens: 8 }
		});
	});

	test('has no counts where they are null, zero or no numbers', async () => {
		for (const usage of [
			null,
			{ prompt_tokens: 0, completion_tokens: 0 },
			{ prompt_tokens: 'many' }
		]) {
			const { outcome } = await read(chunk({ content: 'a' }, 'stop'), { choices: [], usage });
			expect(outcome).toEqual({ reason: 'stop' });
		}
	});

	test('says nothing after it is done', async () => {
		const { deltas } = await read(
			chunk({ content: 'a' }, 'stop'),
			'[DONE]',
			chunk({ content: 'b' })
		);
		expect(deltas).toEqual([text('a')]);
	});

	test.each([
		['a list', []],
		['no choices', {}],
		['choices that are none', { choices: 'many' }],
		['a choice without a delta', { choices: [{}] }],
		['content that is no text', { choices: [{ delta: { content: { a: 1 } } }] }]
	])('may hold %s: that says nothing', async (_, odd) => {
		expect((await read(odd, chunk({ content: 'a' }, 'stop'))).deltas).toEqual([text('a')]);
	});

	test('that breaks off is an error, after what was said', async () => {
		const chat = readChat(eventsOf([chunk({ content: 'a' })]), (reason) => new Error(reason));
		expect((await chat.next()).value).toEqual(text('a'));
		await expect(chat.next()).rejects.toThrow('it broke off');
	});

	test('that is no JSON is an error', async () => {
		await expect(read('{"choices": [')).rejects.toThrow('a part of it is no JSON');
	});
});
