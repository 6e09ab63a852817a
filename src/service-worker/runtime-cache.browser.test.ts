import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { RuntimeCache } from './runtime-cache.ts';

const scope = 'https://app.example/sam/';
const url = (name: string): string => `${scope}_app/immutable/workers/${name}`;
const ort = url('ort-wasm-AAAAAAAA.wasm');
const newerOrt = url('ort-wasm-BBBBBBBB.wasm');

let fetched: string[] = [];
/** Files that the host answers with 404. */
let absent = new Set<string>();

function cacheOf(version: string, at = scope): RuntimeCache {
	return new RuntimeCache({
		caches,
		scope: at,
		version,
		fetch: (asked) => {
			fetched.push(asked);
			return Promise.resolve(new Response(asked, { status: absent.has(asked) ? 404 : 200 }));
		}
	});
}

async function deleteCaches(): Promise<void> {
	for (const name of await caches.keys()) await caches.delete(name);
}

beforeEach(async () => {
	fetched = [];
	absent = new Set();
	await deleteCaches();
});
afterEach(deleteCaches);

describe('RuntimeCache', () => {
	test('takes built files of this app and nothing else', () => {
		const cache = cacheOf('1');
		expect(cache.accepts(ort)).toBe(true);
		expect(cache.accepts(`${scope}catalog.json`)).toBe(false);
		expect(cache.accepts('https://app.example/_app/immutable/other.js')).toBe(false);
		expect(cache.accepts('https://huggingface.co/sam/_app/immutable/model.onnx')).toBe(false);
	});

	test('fetches a file once', async () => {
		const cache = cacheOf('1');
		expect(await (await cache.respond(ort)).text()).toBe(ort);
		expect(await (await cache.respond(ort)).text()).toBe(ort);
		expect(fetched).toEqual([ort]);
	});

	test('hands a failure on and does not keep it', async () => {
		const cache = cacheOf('1');
		absent.add(ort);
		expect((await cache.respond(ort)).status).toBe(404);
		absent.clear();
		expect((await cache.respond(ort)).status).toBe(200);
	});

	test('installs files and tells which are missing', async () => {
		const cache = cacheOf('1');
		expect(await cache.missing([ort, newerOrt])).toEqual([ort, newerOrt]);
		expect(await cache.install([ort])).toEqual({ ok: true });
		expect(await cache.install([ort])).toEqual({ ok: true });
		expect(fetched).toEqual([ort]);
		expect(await cache.missing([ort, newerOrt])).toEqual([newerOrt]);
	});

	test('names the files that it could not install, and keeps the others', async () => {
		const cache = cacheOf('1');
		const foreign = 'https://elsewhere.example/x.js';
		absent.add(newerOrt);
		expect(await cache.install([foreign, newerOrt, ort])).toEqual({
			ok: false,
			failed: [foreign, newerOrt]
		});
		expect(await cache.missing([ort])).toEqual([]);
		expect(fetched).not.toContain(foreign);
	});

	test('an update brings its own version of what was kept, without fetching what did not change', async () => {
		const same = url('transformers-CCCCCCCC.js');
		await cacheOf('1').install([ort, same]);
		fetched = [];
		const next = cacheOf('2');
		const outcome = await next.carryOver([newerOrt, same, url('web-llm-DDDDDDDD.js')]);
		expect(outcome).toEqual({ ok: true });
		expect(fetched).toEqual([newerOrt]);
		expect(await next.missing([newerOrt, same])).toEqual([]);
		expect(await cacheOf('1').missing([ort, same])).toEqual([]);
	});

	test('an update that cannot bring what was kept says so', async () => {
		await cacheOf('1').install([ort]);
		absent.add(newerOrt);
		expect(await cacheOf('2').carryOver([newerOrt])).toEqual({ ok: false, failed: [newerOrt] });
	});

	test('deletes other versions of this copy of the app, and nothing of others', async () => {
		const elsewhere = 'https://app.example/';
		const elsewhereFile = `${elsewhere}_app/immutable/a-AAAAAAAA.js`;
		await cacheOf('1').install([ort]);
		await cacheOf('2').install([newerOrt]);
		await cacheOf('9', elsewhere).install([elsewhereFile]);
		await caches.open('models');
		await cacheOf('2').deleteOlder();
		expect(await cacheOf('2').missing([newerOrt])).toEqual([]);
		expect(await cacheOf('1').missing([ort])).toEqual([ort]);
		expect(await cacheOf('9', elsewhere).missing([elsewhereFile])).toEqual([]);
		expect(await caches.has('models')).toBe(true);
	});
});
