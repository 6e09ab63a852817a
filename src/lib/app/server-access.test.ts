import { beforeEach, expect, test } from 'vitest';
import { remoteServerStore } from '../engines/remote/remote-server.ts';
import { write } from '../ports/store-write.ts';
import { MemoryRecordStore } from '../testing/memory-record-store.ts';
import { ServerAccess } from './server-access.ts';

let records: MemoryRecordStore;
let allowed: (readonly string[])[];
let access: ServerAccess;

beforeEach(() => {
	records = new MemoryRecordStore();
	allowed = [];
	access = new ServerAccess({
		records,
		allowServers: async (origins) => void allowed.push(origins)
	});
});

async function store(...urls: string[]): Promise<void> {
	const writes = urls.map((url) => {
		const row = { id: url, name: url, url, key: null, offered: [], models: [], addedAt: 0 };
		return write.put(remoteServerStore, row);
	});
	await records.commit(writes);
}

test('the servers that are stored may be reached, each origin named once', async () => {
	await store('http://localhost:1/v1', 'http://localhost:1/other', 'https://a.example/v1');
	await access.restore();
	await access.allow();
	const both = ['http://localhost:1', 'https://a.example'];
	expect(allowed).toEqual([both, both]);
});

test('one that is tried may be reached beside them, until it is asked without it', async () => {
	await store('http://localhost:1/v1');
	await access.allow('https://b.example/v1');
	await access.allow();
	expect(allowed).toEqual([['http://localhost:1', 'https://b.example'], ['http://localhost:1']]);
});

test('where there is none, none may be reached, and the start does not wait for that', async () => {
	const never = new ServerAccess({
		records,
		allowServers: (origins) => {
			allowed.push(origins);
			return new Promise(() => undefined);
		}
	});
	await never.restore();
	expect(allowed).toEqual([[]]);
});
