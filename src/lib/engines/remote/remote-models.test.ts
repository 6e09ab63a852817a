import { expect, test } from 'vitest';
import { indexIdOf, indexSpecOf } from '../../knowledge/index-spec.ts';
import { remoteModelId, remoteModels, serverIdOf } from './remote-models.ts';
import type { RemoteServer } from './remote-server.ts';

const server: RemoteServer = {
	id: 'a1b2c3d4e5',
	name: 'My Ollama',
	url: 'http://localhost:11434/v1',
	key: 'sk-very-secret',
	offered: [],
	models: [
		{ model: 'llama3.2:1b', tasks: ['generate'], contextTokens: 8192, dims: null, prefixes: null },
		{
			...{ model: 'nomic-embed-text', tasks: ['embed'], contextTokens: 2048, dims: 768 },
			prefixes: { query: 'search_query: ', passage: 'search_document: ' }
		}
	],
	addedAt: 0
};

test('a chosen model is one that the engine can load, without files', async () => {
	const [chat, embed] = await remoteModels(server);
	expect(chat).toMatchObject({
		id: 'remote-a1b2c3d4e5-llama3.2_3a1b',
		name: 'llama3.2:1b on My Ollama',
		engine: 'remote',
		...{ tasks: ['generate'], contextTokens: 8192, embedding: null, files: [] },
		remote: { server: 'a1b2c3d4e5', model: 'llama3.2:1b' }
	});
	expect(embed?.embedding).toMatchObject({
		dims: 768,
		normalise: true,
		prefixes: { query: 'search_query: ', passage: 'search_document: ' }
	});
});

test('its spec, which plans and journals carry, holds neither key nor address', async () => {
	const specs = JSON.stringify(await remoteModels(server));
	expect(specs).not.toContain('sk-very-secret');
	expect(specs).not.toContain('11434');
});

test('another server or another model is another vector space', async () => {
	const elsewhere = { ...server, url: 'http://localhost:8000/v1' };
	const renamed = {
		...server,
		models: server.models.map((m) => ({ ...m, model: `${m.model}-2` }))
	};
	const ids = new Set<string>();
	for (const each of [server, elsewhere, renamed]) {
		const [, embed] = await remoteModels(each);
		if (embed) ids.add(await indexIdOf(indexSpecOf(embed)));
	}
	expect(ids.size).toBe(3);
});

test('a server that comes back under its address is the same, whatever its name and key', async () => {
	const again = { ...server, name: 'Other', key: null, id: await serverIdOf(server.url) };
	const first = { ...server, id: await serverIdOf(server.url) };
	const identity = ({ id, revision }: { id: string; revision: string }) => [id, revision];
	expect((await remoteModels(again)).map(identity)).toEqual(
		(await remoteModels(first)).map(identity)
	);
});

test('models whose names differ in one sign have different ids', () => {
	const names = ['a:b', 'a-b', 'a_b', 'a/b', 'a b', 'A-b', 'a_3ab', 'ä'];
	expect(new Set(names.map((name) => remoteModelId('s', name))).size).toBe(names.length);
	expect(remoteModelId('s', 'org/Model:1b')).toMatch(/^[\w.-]+$/);
});
