import { beforeEach, describe, expect, test } from 'vitest';
import type { ModelId } from '../core/ids.ts';
import type { ModelSpec } from '../core/model-spec.ts';
import { InstantHasherFactory } from '../testing/instant-hash.ts';
import { LibraryWorld, neverAborted } from '../testing/library-world.ts';
import type { ModelElsewhere } from './model-elsewhere.ts';
import { ModelLibraryManager } from './model-library-manager.ts';

const id = 'remote-a1-llama' as ModelId;
const spec: ModelSpec = {
	...{ id, name: 'llama on My server', engine: 'remote', revision: 'abc', tasks: ['generate'] },
	...{ contextTokens: 4096, dtype: null, embedding: null, files: [] },
	remote: { server: 'a1', model: 'llama' }
};
const model: ModelElsewhere = {
	spec,
	server: { name: 'My server', url: 'http://localhost:11434/v1' }
};

let servers: ModelElsewhere[];
let library: ModelLibraryManager;

beforeEach(() => {
	servers = [];
	const world = new LibraryWorld(new InstantHasherFactory());
	const { records, blobs, source: ranges, hashers, clock, locks, connectivity } = world;
	library = new ModelLibraryManager({
		...{ records, blobs, ranges, hashers, clock, locks, connectivity },
		...{ catalog: [], baseUrl: 'https://sam.example/' },
		elsewhere: () => Promise.resolve(servers)
	});
});

describe('models of servers', () => {
	test('are none until there is a server, and come without a new start', async () => {
		expect(await library.listings()).toEqual([]);
		servers.push(model);
		expect((await library.listings()).map((listing) => listing.id)).toEqual([id]);
	});

	test('need no download, and say plainly that what they are given leaves this device', async () => {
		servers.push(model);
		const [listing] = await library.listings();
		expect(listing).toMatchObject({
			...{ bytes: 0, added: true, state: { at: 'remote', origin: 'http://localhost:11434' } },
			entry: {
				...{ name: 'llama on My server', family: 'My server', engine: 'remote' },
				...{ integrity: 'remote', licence: null, files: [] },
				summary: 'Runs on http://localhost:11434: what it is given leaves this device.'
			}
		});
	});

	test('can be planned with as they are, asking nobody', async () => {
		servers.push(model);
		expect(await library.isInstalled(id)).toBe(true);
		expect((await library.freeze(id, neverAborted())).spec).toEqual(spec);
		await library.install(id, () => undefined, neverAborted());
		expect((await library.listings())[0]?.state.at).toBe('remote');
	});

	test('are gone with their server', async () => {
		expect(await library.isInstalled(id)).toBe(false);
		await expect(library.freeze(id, neverAborted())).rejects.toMatchObject({
			code: 'library/not-installed'
		});
	});
});
