import { beforeEach, describe, expect, test } from 'vitest';
import { remoteServerStore, type RemoteServer } from '../../engines/remote/remote-server.ts';
import { RemoteServersWorld } from '../../testing/remote-servers-of.ts';
import type { RemoteServers } from './remote-servers.svelte.ts';

const origin = 'http://localhost:11434';
const key = 'sk-very-secret';
const chat = 'tiny-chat:1b';
const embed = 'org/tiny-embed';

let world: RemoteServersWorld;
let servers: RemoteServers;

beforeEach(async () => {
	world = new RemoteServersWorld();
	servers = world.open();
	await servers.load();
	world.allowed.length = 0;
});

const rows = (): Promise<RemoteServer[]> => world.records.list(remoteServerStore);

function add(changes: { name?: string; address?: string; key?: string } = {}): Promise<boolean> {
	return servers.add({ name: '', address: world.url, key: '', ...changes });
}

async function added(): Promise<string> {
	await add();
	const [server] = servers.list;
	if (!server) throw new Error('It was not added');
	return server.id;
}

describe('a server that is added', () => {
	test('is tried first, and may then be reached', async () => {
		expect(await add({ name: ' My Ollama ', key: ` ${key} ` })).toBe(true);
		expect(world.does.requests).toMatchObject([
			{ path: '/models', authorization: `Bearer ${key}` }
		]);
		expect(world.allowed.at(-1)).toEqual([origin]);
		expect(await rows()).toMatchObject([{ name: 'My Ollama', url: world.url, key, models: [] }]);
		expect(servers.notices.notice).toBe('My Ollama offers 2 models. Choose what SAM may use.');
	});

	test('is named by its host, needs no key, and gets the address that answers', async () => {
		expect(await add({ address: 'localhost:11434' })).toBe(true);
		expect(await rows()).toMatchObject([{ name: 'localhost:11434', url: world.url, key: null }]);
	});

	test('shows everything but its key', async () => {
		await add({ key });
		expect(servers.list).toMatchObject([
			{ hasKey: true, offered: [{ model: chat }, { model: embed }] }
		]);
		expect(JSON.stringify(servers.list)).not.toContain(key);
	});

	test('is there after a reload, and is asked nothing', async () => {
		await add();
		world.does.requests.length = 0;
		const again = world.open();
		await again.load();
		expect(again.list).toHaveLength(1);
		expect(world.does.requests).toEqual([]);
	});

	test('shows up in other tabs', async () => {
		const other = world.open();
		await add();
		await expect.poll(() => other.list).toHaveLength(1);
	});

	test('twice is one server', async () => {
		await add();
		expect(await add({ name: 'Again' })).toBe(false);
		expect(servers.problem).toBe('This server is in the list already.');
		expect(servers.notices.error).toBeNull();
		expect(await rows()).toHaveLength(1);
	});
});

describe('a server that is not added', () => {
	test.each(['', 'my server', 'ftp://localhost'])('because %j is no address', async (address) => {
		expect(await add({ address })).toBe(false);
		expect(servers.problem).toBeTruthy();
		expect(world.does.requests).toEqual([]);
		expect(world.allowed).toEqual([]);
	});

	test('because it is down says so, and may not be reached any more', async () => {
		world.http.down = true;
		expect(await add()).toBe(false);
		expect(servers.notices.error).toMatchObject({
			message: 'The server localhost:11434 does not answer.',
			advice: 'Check that it runs, and that it allows requests from http://localhost:4173 (CORS).'
		});
		expect(world.allowed).toEqual([[origin], []]);
		expect(await rows()).toEqual([]);
	});

	test('because its key is wrong says so', async () => {
		world.does.key = 'another';
		expect(await add({ key })).toBe(false);
		expect(servers.notices.error?.code).toBe('remote/unauthorised');
		expect(JSON.stringify(servers.notices.error)).not.toContain(key);
		expect(await rows()).toEqual([]);
	});

	test('because it is something else says so', async () => {
		const headers = { 'content-type': 'text/html' };
		world.does.fault = () => ({ kind: 'reply', status: 200, body: '<html>', headers });
		expect(await add()).toBe(false);
		expect(servers.notices.error?.message).toContain('it is a web page');
		expect(await rows()).toEqual([]);
	});
});

describe('its models', () => {
	test('are used for nothing until they are chosen', async () => {
		const id = await added();
		expect((await rows())[0]?.models).toEqual([]);
		await servers.setTask(id, chat, 'generate', true);
		expect((await rows())[0]?.models).toEqual([
			{ model: chat, tasks: ['generate'], contextTokens: 4096, dims: null, prefixes: null }
		]);
	});

	test('for embeddings are tried for the length of their vectors', async () => {
		const id = await added();
		world.does.dims = 12;
		expect(await servers.setTask(id, embed, 'embed', true)).toBe(true);
		expect((await rows())[0]?.models).toMatchObject([
			{ model: embed, tasks: ['embed'], dims: 12, contextTokens: 512, prefixes: null }
		]);
	});

	test('of a family that is known get the words that belong before a text', async () => {
		world.does.models = [{ id: 'nomic-embed-text:latest' }];
		const id = await added();
		await servers.setTask(id, 'nomic-embed-text:latest', 'embed', true);
		expect((await rows())[0]?.models[0]?.prefixes).toEqual({
			query: 'search_query: ',
			passage: 'search_document: '
		});
	});

	test('that cannot embed are not chosen for it, and the server says why', async () => {
		const id = await added();
		world.does.fault = () => ({
			kind: 'reply',
			status: 501,
			body: '{"error":"no embeddings here"}'
		});
		expect(await servers.setTask(id, embed, 'embed', true)).toBe(false);
		expect(servers.notices.error?.message).toContain('no embeddings here');
		expect((await rows())[0]?.models).toEqual([]);
	});

	test('may do both, and one of them no longer', async () => {
		const id = await added();
		await servers.setTask(id, embed, 'generate', true);
		await servers.setTask(id, embed, 'embed', true);
		expect((await rows())[0]?.models).toMatchObject([{ tasks: ['generate', 'embed'], dims: 8 }]);
		await servers.setTask(id, embed, 'embed', false);
		expect((await rows())[0]?.models).toMatchObject([{ tasks: ['generate'], dims: null }]);
		await servers.setTask(id, embed, 'generate', false);
		expect((await rows())[0]?.models).toEqual([]);
	});

	test('of which the server does not tell the context get the usual one, which can be corrected', async () => {
		world.does.models = [{ id: 'llama' }];
		const id = await added();
		await servers.setTask(id, 'llama', 'generate', true);
		expect((await rows())[0]?.models[0]?.contextTokens).toBe(4096);
		await servers.setContext(id, 'llama', 32768);
		expect((await rows())[0]?.models[0]?.contextTokens).toBe(32768);
		await servers.setContext(id, 'llama', Number.NaN);
		expect((await rows())[0]?.models[0]?.contextTokens).toBe(32768);
	});

	test('that are needed stay chosen', async () => {
		const id = await added();
		await servers.setTask(id, chat, 'generate', true);
		world.users = ['your chats'];
		expect(await servers.setTask(id, chat, 'generate', false)).toBe(false);
		expect(servers.notices.error?.message).toBe(
			'The model "tiny-chat:1b" is in use by your chats.'
		);
		expect((await rows())[0]?.models).toHaveLength(1);
		expect(world.asked).toEqual([`remote-${id}-tiny-chat_3a1b`]);
	});
});

describe('a server in the list', () => {
	test('is tried again when asked to, and its choices stay', async () => {
		const id = await added();
		await servers.setTask(id, chat, 'generate', true);
		world.does.models = [{ id: chat }, { id: 'new' }];
		expect(await servers.test(id)).toBe(true);
		expect(servers.list[0]?.offered.map(({ model }) => model)).toEqual([chat, 'new']);
		expect(servers.list[0]?.models).toHaveLength(1);
		expect(servers.notices.notice).toBe('localhost:11434 answers. It offers 2 models.');
	});

	test('that answers again gives its models another chance at once', async () => {
		const id = await added();
		await servers.setTask(id, chat, 'generate', true);
		world.http.down = true;
		await servers.test(id);
		expect(world.answering).toEqual([]);
		world.http.down = false;
		await servers.test(id);
		await servers.setKey(id, key);
		const model = `remote-${id}-tiny-chat_3a1b`;
		expect(world.answering).toEqual([model, model]);
	});

	test('that is down stays in the list, and says so', async () => {
		const id = await added();
		world.http.down = true;
		expect(await servers.test(id)).toBe(false);
		expect(servers.notices.error?.code).toBe('remote/unreachable');
		expect(servers.list).toHaveLength(1);
		expect(world.allowed.at(-1)).toEqual([origin]);
	});

	test('gets another key when the server accepts it', async () => {
		const id = await added();
		world.does.key = key;
		expect(await servers.setKey(id, 'sk-wrong')).toBe(false);
		expect((await rows())[0]?.key).toBeNull();
		expect(await servers.setKey(id, key)).toBe(true);
		expect((await rows())[0]?.key).toBe(key);
	});

	test('that is removed is gone with its key, and may not be reached any more', async () => {
		await add({ key });
		await servers.remove(servers.list[0]?.id ?? '');
		expect(servers.list).toEqual([]);
		expect(await rows()).toEqual([]);
		expect(world.allowed.at(-1)).toEqual([]);
	});

	test('stays as long as one of its models is needed', async () => {
		const id = await added();
		await servers.setTask(id, chat, 'generate', true);
		world.users = ['your chats', 'your documents'];
		expect(await servers.remove(id)).toBe(false);
		expect(servers.notices.error?.message).toBe(
			'The model "tiny-chat:1b" is in use by your chats and your documents.'
		);
		expect(await rows()).toHaveLength(1);
	});

	test('is asked one thing at a time', async () => {
		const id = await added();
		const first = servers.test(id);
		expect(servers.busy).toBe(id);
		expect(await servers.test(id)).toBe(false);
		expect(await first).toBe(true);
		expect(servers.busy).toBeNull();
	});
});
