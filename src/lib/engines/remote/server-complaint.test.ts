import { describe, expect, test } from 'vitest';
import { complaintError, isComplaint } from './server-complaint.ts';

const server = 'localhost:11434';

function errorOf(status: number | null, body: object | string, key: string | null = null) {
	const text = typeof body === 'string' ? body : JSON.stringify(body);
	return complaintError({ server, status, text, key });
}

describe('a key that is not accepted', () => {
	test.each([401, 403])('with status %i', (status) => {
		const error = errorOf(
			status,
			{ error: { message: 'Incorrect API key: sk-secret' } },
			'sk-secret'
		);
		expect(error.code).toBe('remote/unauthorised');
		expect(error.message).toBe('The server localhost:11434 does not accept the key.');
	});
});

describe('a refusal', () => {
	test.each([
		['OpenAI and vLLM', { error: { message: 'The model `x` does not exist.', code: 404 } }],
		['older vLLM', { object: 'error', message: 'The model `x` does not exist.', code: 404 }],
		['Ollama and LM Studio', { error: 'The model `x` does not exist.' }],
		['FastAPI', { detail: 'The model `x` does not exist.' }],
		['FastAPI, of a field', { detail: [{ loc: ['body'], msg: 'The model `x` does not exist.' }] }],
		['plain text', 'The model `x`\n does not exist.\n']
	])('is told in the words of %s', (_, body) => {
		const error = errorOf(404, body);
		expect(error).toMatchObject({
			code: 'remote/refused',
			message: 'The server localhost:11434 refused the request: The model `x` does not exist.'
		});
	});

	test.each([
		[404, '<html><h1>Not found</h1></html>', 'nothing at this address'],
		[502, '<html><h1>Bad gateway</h1></html>', 'status 502'],
		[500, '', 'status 500'],
		[500, '{"broken', 'status 500'],
		[429, '', 'too many requests'],
		[null, '{}', 'does not say why']
	])('with status %j and %j says what there is to say', (status, body, words) => {
		const error = errorOf(status, body);
		expect(error.code).toBe('remote/refused');
		expect(error.message).toContain(words);
	});

	test('tells how long the server asks to wait', () => {
		const complaint = { server, status: 429, key: null, retryAfter: 20 };
		expect(complaintError({ ...complaint, text: '{"error":"Slow down."}' }).message).toBe(
			'The server localhost:11434 refused the request: Slow down; it asks to wait 20 seconds.'
		);
		expect(complaintError({ ...complaint, text: '', retryAfter: 1 }).message).toContain(
			'too many requests; it asks to wait 1 second.'
		);
	});

	test('is shortened', () => {
		const { message } = errorOf(500, { error: { message: 'no '.repeat(1000) } });
		expect(message.length).toBeLessThan(300);
		expect(message).toContain('…');
	});

	test('never repeats the key, wherever the server does', () => {
		const error = errorOf(400, { error: `cannot use sk-secret, really sk-secret` }, 'sk-secret');
		expect(JSON.stringify([error.message, error.details])).not.toContain('sk-secret');
		expect(error.message).toContain('cannot use …');
	});

	test('stays readable with a key that is none', () => {
		expect(errorOf(400, { error: 'exact words' }, 'x').message).toContain('exact words');
	});
});

describe('a prompt that is too long', () => {
	test.each([
		[
			'vLLM',
			{
				error: {
					message:
						"This model's maximum context length is 4096 tokens. However, you requested 5000 tokens (4900 in the messages, 100 in the completion)."
				}
			},
			{ limit: 4096, asked: 5000 }
		],
		[
			'newer vLLM',
			{
				error: {
					message:
						"'max_tokens' is too large: 900. This model's maximum context length is 2048 tokens and your request has 1500 input tokens."
				}
			},
			{ limit: 2048, asked: 1500 }
		],
		[
			'llama.cpp',
			{
				error: {
					code: 400,
					message: 'the request exceeds the available context size, try increasing it',
					type: 'exceed_context_size_error',
					n_prompt_tokens: 6000,
					n_ctx: 4096
				}
			},
			{ limit: 4096, asked: 6000 }
		],
		[
			'older llama.cpp',
			{ error: { message: 'the request exceeds the available context size. try increasing it' } },
			{}
		],
		[
			'llama.cpp, of a text to embed',
			{
				error: {
					message:
						'input (600 tokens) is too large to process. increase the physical batch size (current batch size: 512)'
				}
			},
			{ limit: 512, asked: 600 }
		],
		[
			'LM Studio',
			{
				error:
					'Trying to keep the first 5000 tokens when context the overflows. However, the model is loaded with context length of only 4096 tokens, which is not enough.'
			},
			{ limit: 4096 }
		],
		['Ollama', { error: { message: 'the input length exceeds the context length' } }, {}],
		['OpenAI', { error: { message: 'Too long.', code: 'context_length_exceeded' } }, {}]
	])('is known from %s', (_, body, numbers) => {
		const error = errorOf(400, body);
		expect(error.code).toBe('engine/context-overflow');
		expect(error.details).toEqual({ server, ...numbers });
	});
});

test.each([
	['{"error":{"message":"no"}}', true],
	['{"error":"no"}', true],
	['{"error":null,"choices":[]}', false],
	['{"error":""}', false],
	['{"choices":[{"delta":{"content":"the \\"error\\" is"}}]}', false],
	['[DONE]', false],
	['"error"', false]
])('%s is a complaint: %s', (text, expected) => {
	expect(isComplaint(text)).toBe(expected);
});
