import { beforeEach, describe, expect, test } from 'vitest';
import { FakeHttpClient } from '../../testing/fake-http-client.ts';
import { FakeOpenAi } from '../../testing/fake-open-ai.ts';
import { callLink } from '../../wire/call-link.ts';
import { ServerProbe } from './server-probe.ts';

const base = 'http://fake.test/v1';
const embedder = 'org/tiny-embed';
let does: FakeOpenAi;
let http: FakeHttpClient;
let probe: ServerProbe;

beforeEach(() => {
	does = new FakeOpenAi();
	http = new FakeHttpClient(does, base, 'https://sam.example');
	probe = new ServerProbe(http);
});

/** Calls the probe as from another thread. */
async function linked<T>(call: (link: MessagePort) => Promise<T>): Promise<T> {
	const { port, release } = callLink(new AbortController().signal);
	return call(port).finally(release);
}

function find(url: string, key: string | null = null) {
	return linked((link) => probe.find({ url, key }, link));
}

describe('a server that is tried', () => {
	test('tells its models', async () => {
		expect(await find(base)).toEqual({
			url: base,
			offered: [
				{ model: 'tiny-chat:1b', contextTokens: 4096 },
				{ model: embedder, contextTokens: 512 }
			]
		});
	});

	test('is found below /v1 where its address has no path', async () => {
		expect(await find('http://fake.test')).toMatchObject({ url: base });
		expect(does.requests.map(({ path }) => path)).toEqual(['http://fake.test/models', '/models']);
	});

	test('is not looked for elsewhere where its address has one', async () => {
		await expect(find('http://fake.test/api')).rejects.toMatchObject({ code: 'remote/refused' });
		expect(does.requests).toHaveLength(1);
	});

	test('that is down, or wants a key, is asked once', async () => {
		http.down = true;
		await expect(find('http://fake.test')).rejects.toMatchObject({ code: 'remote/unreachable' });
		http.down = false;
		does.key = 'sk-good';
		await expect(find('http://fake.test')).rejects.toMatchObject({ code: 'remote/unauthorised' });
		expect(does.requests).toHaveLength(1);
	});

	test('where nothing is anywhere says what was wrong with the address as it was entered', async () => {
		const html = {
			kind: 'reply',
			status: 200,
			body: '<html>',
			headers: { 'content-type': 'text/html' }
		};
		const notFound = { kind: 'reply', status: 404, body: '' };
		let count = 0;
		does.fault = () => (count++ === 0 ? html : notFound) as ReturnType<FakeOpenAi['fault']>;
		await expect(find('http://fake.test')).rejects.toMatchObject({
			details: { reason: 'it is a web page' }
		});
	});
});

describe('a model that is tried for embeddings', () => {
	test('tells how long its vectors are', async () => {
		does.dims = 12;
		const dims = await linked((link) => probe.dims({ url: base, key: null }, embedder, link));
		expect(dims).toBe(12);
	});

	test('and cannot embed says so in the words of its server', async () => {
		does.fault = () => ({
			...{ kind: 'reply', status: 501, body: '{"error":{"message":"start with --embeddings"}}' }
		});
		const dims = linked((link) => probe.dims({ url: base, key: null }, embedder, link));
		await expect(dims).rejects.toMatchObject({ details: { reason: 'start with --embeddings' } });
	});
});
