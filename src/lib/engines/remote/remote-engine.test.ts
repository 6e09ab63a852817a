import { beforeEach, describe, expect, test } from 'vitest';
import { type AppError, toAppError } from '../../core/errors.ts';
import type { GenerateEvent, GenerateRequest } from '../../core/generation.ts';
import type { ModelSpec } from '../../core/model-spec.ts';
import { describeModelEngine } from '../../testing/contracts/model-engine.ts';
import { FakeHttpClient } from '../../testing/fake-http-client.ts';
import { FakeOpenAi } from '../../testing/fake-open-ai.ts';
import { serverAt, specsOf, testKey } from '../../testing/remote-world.ts';
import { noFiles } from '../no-files.ts';
import { RemoteEngine } from './remote-engine.ts';
import type { RemoteServer } from './remote-server.ts';

const url = 'http://fake.test/v1';
const signal = new AbortController().signal;

let does: FakeOpenAi;
let http: FakeHttpClient;
let row: RemoteServer | undefined;
let engine: RemoteEngine;

beforeEach(() => {
	does = new FakeOpenAi();
	http = new FakeHttpClient(does, url, 'https://sam.example');
	row = serverAt(url);
	engine = engineOf();
});

function engineOf(): RemoteEngine {
	return new RemoteEngine({
		http,
		server: (id) => Promise.resolve(row?.id === id ? row : undefined)
	});
}

for (const [name, pick] of [
	['chat', 0],
	['embeddings', 1]
] as const) {
	describeModelEngine(`The remote engine with a model for ${name}`, async () => {
		const spec = (await specsOf(serverAt(url)))[pick];
		const broken: ModelSpec = { ...spec, remote: { server: 'gone', model: 'x' } };
		return {
			engine: engineOf(),
			request: { spec, files: noFiles, device: 'auto' },
			broken: { spec: broken, files: noFiles, device: 'auto' }
		};
	});
}

const asked: GenerateRequest = {
	question: 'How long?',
	messages: [{ role: 'user', content: 'How long is the warranty?' }],
	passages: [],
	maxTokens: 100,
	temperature: 0,
	seed: 1
};

async function load(pick: 0 | 1 = 0): Promise<void> {
	const spec = (await specsOf(serverAt(url)))[pick];
	await engine.load({ spec, files: noFiles, device: 'auto' }, { signal });
}

async function answer(request: Partial<GenerateRequest> = {}): Promise<GenerateEvent[]> {
	return Array.fromAsync(engine.generate({ ...asked, ...request }, { signal }));
}

function said(events: readonly GenerateEvent[], type: 'text-delta' | 'reasoning-delta'): string {
	return events.map((event) => (event.type === type ? event.text : '')).join('');
}

function embed(texts: readonly string[], purpose: 'query' | 'passage' = 'passage') {
	return engine.embed(texts, { signal, purpose });
}

async function errorOf(work: Promise<unknown>): Promise<AppError> {
	const thrown = await work.then(
		() => new Error('it went well'),
		(error: unknown) => error
	);
	return toAppError(thrown);
}

describe('loading', () => {
	test('asks the server whether it is there, with the key, and says where it computes', async () => {
		does.key = testKey;
		await load();
		expect(does.requests).toMatchObject([
			{ method: 'GET', path: '/models', authorization: `Bearer ${testKey}` }
		]);
		expect(engine.capabilities).toMatchObject({ device: 'remote', contextTokens: 4096 });
	});

	test('fails with the reason when the server is down', async () => {
		http.down = true;
		const error = await errorOf(load());
		expect(error).toMatchObject({ code: 'remote/unreachable', details: { server: 'fake.test' } });
		expect(error.message).toBe('The server fake.test does not answer.');
	});

	test('fails with the reason when the key is wrong, without the key', async () => {
		does.key = 'another';
		const error = await errorOf(load());
		expect(error.code).toBe('remote/unauthorised');
		expect(JSON.stringify([error.message, error.details])).not.toContain(testKey);
	});

	test('fails with the reason when the server was removed', async () => {
		row = undefined;
		const error = await errorOf(load());
		expect(error.message).toBe(
			'The server of tiny-chat:1b on Test server is not in Settings any more.'
		);
	});
});

describe('an answer', () => {
	test('comes from the model that was chosen, with the counts of the server', async () => {
		await load();
		const events = await answer();
		expect(said(events, 'text-delta')).toBe('You asked a question.');
		expect(events.at(-1)).toMatchObject({
			...{ type: 'end', reason: 'stop', usage: { promptTokens: 7, completionTokens: 5 } }
		});
		expect(does.last('/chat/completions')).toMatchObject({
			authorization: `Bearer ${testKey}`,
			body: { model: 'tiny-chat:1b', messages: asked.messages }
		});
	});

	test.each([1, 2, 3, 7, 64])('is the same when it comes %i bytes at a time', async (bytes) => {
		does.tokens = ['Zwei ', 'Jahre ', '– ', '二年 🙂'];
		does.cutBytes = bytes;
		await load();
		expect(said(await answer(), 'text-delta')).toBe('Zwei Jahre – 二年 🙂');
	});

	test('counts its pieces where the server does not count', async () => {
		does.countsTokens = false;
		await load();
		expect((await answer()).at(-1)).toMatchObject({
			usage: { promptTokens: 0, completionTokens: 5 }
		});
	});

	test('is asked for again without counts where the server does not know the option', async () => {
		does.fault = ({ body }) =>
			body.stream_options === undefined || body.stream_options === null
				? null
				: { kind: 'reply', status: 422, body: '{"detail":"unknown field stream_options"}' };
		await load();
		expect(said(await answer(), 'text-delta')).toBe('You asked a question.');
	});

	test.each(['reasoning_content', 'reasoning'])('may come with %s', async (field) => {
		does.reasoning = { field, tokens: ['Let me', ' think.'] };
		await load();
		const events = await answer();
		expect(said(events, 'reasoning-delta')).toBe('Let me think.');
		expect(said(events, 'text-delta')).toBe('You asked a question.');
	});

	test('may hold its reasoning in its text', async () => {
		does.tokens = ['<thi', 'nk>Let me', ' think.</think>', '\n\nTwo', ' years.'];
		await load();
		const events = await answer();
		expect(said(events, 'reasoning-delta')).toBe('Let me think.');
		expect(said(events, 'text-delta')).toBe('Two years.');
	});

	test('ends at a stop string that the server knows', async () => {
		await load();
		const events = await answer({ stop: [' question'] });
		expect(said(events, 'text-delta')).toBe('You asked a');
		expect(does.last('/chat/completions')?.body.stop).toEqual([' question']);
	});

	test('ends at a stop string that the server passes over, and closes the connection', async () => {
		does.stopsAtStrings = false;
		await load();
		const events = await answer({ stop: ['ked a q'] });
		expect(said(events, 'text-delta')).toBe('You as');
		expect(events.at(-1)).toMatchObject({ reason: 'stop' });
		expect(does.last('/chat/completions')?.closed).toBe(true);
	});

	test('that is stopped closes the connection', async () => {
		await load();
		const abort = new AbortController();
		for await (const event of engine.generate(asked, { signal: abort.signal })) {
			if (event.type !== 'end') abort.abort();
			else expect(event.reason).toBe('cancelled');
		}
		await expect.poll(() => does.last('/chat/completions')?.closed).toBe(true);
		expect(engine.status).toBe('ready');
	});

	test('that a server does not stream comes whole', async () => {
		const message = { role: 'assistant', content: 'Two years.' };
		const body = JSON.stringify({ choices: [{ message, finish_reason: 'stop' }] });
		does.fault = ({ path }) =>
			path === '/models'
				? null
				: { kind: 'reply', status: 200, body, headers: { 'content-type': 'application/json' } };
		await load();
		expect(said(await answer(), 'text-delta')).toBe('Two years.');
	});

	test.each([
		['data: {"error":{"message":"out of memory"}}', 'remote/refused', 'out of memory'],
		['error: {"message":"out of memory"}', 'remote/refused', 'out of memory'],
		['data: {"error":{"message":"context overflow"}}', 'engine/context-overflow', ''],
		['data: {"choices', 'remote/bad-answer', 'no JSON'],
		['', 'remote/bad-answer', 'broke off']
	])('that goes wrong in the middle with %j says why', async (say, code, words) => {
		does.fault = ({ path }) => (path === '/models' ? null : { kind: 'break', after: 3, say });
		await load();
		const events: GenerateEvent[] = [];
		const work = (async () => {
			for await (const event of engine.generate(asked, { signal })) events.push(event);
		})();
		const error = await errorOf(work);
		expect(error.code).toBe(code);
		expect(error.message).toContain(words);
		expect(said(events, 'text-delta')).toBe('You');
		expect(engine.status).toBe('ready');
	});

	test('whose connection breaks says that the server is gone, and the next one works', async () => {
		does.fault = ({ path }) => (path === '/models' ? null : { kind: 'break', after: 3 });
		await load();
		expect((await errorOf(answer())).code).toBe('remote/unreachable');
		does.fault = () => null;
		expect(said(await answer(), 'text-delta')).toBe('You asked a question.');
	});

	test.each([
		[404, '{"error":"model not found"}', 'remote/refused', 'model not found'],
		[400, '{"error":{"message":"bad temperature"}}', 'remote/refused', 'bad temperature'],
		[429, '', 'remote/refused', 'too many requests; it asks to wait 9 seconds'],
		[503, '<html></html>', 'remote/refused', 'status 503'],
		[401, '', 'remote/unauthorised', ''],
		[400, '{"error":"maximum context length is 64 tokens"}', 'engine/context-overflow', '']
	])('that is refused with status %i and %j says why', async (status, body, code, words) => {
		const headers: Record<string, string> = status === 429 ? { 'retry-after': '9' } : {};
		does.fault = ({ path }) =>
			path === '/models' ? null : { kind: 'reply', status, body, headers };
		await load();
		const error = await errorOf(answer());
		expect(error.code).toBe(code);
		expect(error.message).toContain(words);
		expect(engine.status).toBe('ready');
	});

	test.each([
		['text/html', '<html>Please log in</html>', 'a web page'],
		['text/html', '{}', 'a web page'],
		['application/json', '{"choices', 'no JSON'],
		['application/json', '[]', 'no JSON object']
	])('that is %s with %j is none', async (type, body, words) => {
		does.fault = ({ path }) =>
			path === '/models'
				? null
				: { kind: 'reply', status: 200, body, headers: { 'content-type': type } };
		await load();
		const error = await errorOf(answer());
		expect(error).toMatchObject({ code: 'remote/bad-answer' });
		expect(error.message).toContain(words);
	});

	test('uses a key that was changed meanwhile', async () => {
		await load();
		does.key = 'sk-new';
		expect((await errorOf(answer())).code).toBe('remote/unauthorised');
		row = serverAt(url, { key: 'sk-new' });
		expect(said(await answer(), 'text-delta')).toBe('You asked a question.');
	});

	test('is not asked for where the server was removed meanwhile', async () => {
		await load();
		row = undefined;
		expect((await errorOf(answer())).code).toBe('remote/not-found');
		expect(does.last('/chat/completions')).toBeUndefined();
	});
});

describe('embeddings', () => {
	test('are in the order of the texts, of length 1, and of the texts with their prefix', async () => {
		await load(1);
		const [one, two] = await embed(['first', 'second']);
		expect(one).toEqual(unit(does.vectorOf('passage: first')));
		expect(two).toEqual(unit(does.vectorOf('passage: second')));
		const [query] = await embed(['first'], 'query');
		expect(query).toEqual(unit(does.vectorOf('query: first')));
	});

	test('are asked for as numbers, not too many at once', async () => {
		await load(1);
		const texts = Array.from({ length: 100 }, (_, at) => `text ${at}`);
		const vectors = await embed(texts);
		for (const [at, text] of texts.entries())
			expect(vectors[at]).toEqual(unit(does.vectorOf(`passage: ${text}`)));
		const bodies = does.requests.filter(({ path }) => path === '/embeddings');
		for (const { body } of bodies) {
			expect(body).toMatchObject({ model: 'org/tiny-embed', encoding_format: 'float' });
			expect((body.input as string[]).length).toBeLessThanOrEqual(32);
		}
	});

	test('of a text that is too long are those of its beginning, which is told', async () => {
		await load(1);
		does.maxCharacters = 80;
		const long = 'long '.repeat(60);
		const places: number[][] = [];
		const vectors = await engine.embed(['short', long, 'brief'], {
			...{ signal, purpose: 'passage' },
			onTruncated: (which) => places.push([...which])
		});
		expect(places).toEqual([[1]]);
		expect(vectors[0]).toEqual(unit(does.vectorOf('passage: short')));
		expect(vectors[2]).toEqual(unit(does.vectorOf('passage: brief')));
		const read = does.requests
			.flatMap(({ body }) => (Array.isArray(body.input) ? (body.input as string[]) : []))
			.findLast((text) => text.startsWith('passage: long') && text.length <= 80);
		expect(vectors[1]).toEqual(unit(does.vectorOf(read ?? '')));
	});

	test('of a server that takes no text at all fail', async () => {
		await load(1);
		does.maxCharacters = 2;
		expect((await errorOf(embed(['a text']))).code).toBe('engine/context-overflow');
	});

	test.each([
		['no list', '{}'],
		['too few', '{"data":[]}'],
		['no numbers', '{"data":[{"index":0,"embedding":"AAAA"}]}'],
		['an empty vector', '{"data":[{"index":0,"embedding":[]}]}']
	])('that are %s are a bad answer', async (_, body) => {
		await load(1);
		does.fault = () => ({
			...{ kind: 'reply', status: 200, body, headers: { 'content-type': 'application/json' } }
		});
		expect((await errorOf(embed(['a']))).code).toBe('remote/bad-answer');
	});

	test.each([
		['of another length', [1, 2, 3]],
		['of nothing but zeros', [0, 0, 0, 0, 0, 0, 0, 0]]
	])('that are %s spoil no index', async (_, embedding) => {
		await load(1);
		const body = JSON.stringify({ data: [{ index: 0, embedding }] });
		does.fault = () => ({
			...{ kind: 'reply', status: 200, body, headers: { 'content-type': 'application/json' } }
		});
		expect((await errorOf(embed(['a']))).code).toBe('engine/bad-output');
	});
});

function unit(values: readonly number[]): Float32Array {
	const length = Math.hypot(...values);
	return Float32Array.from(values, (value) => value / length);
}
