import { describe, expect, test } from 'vitest';
import { workerFiles } from './worker-files.ts';

const scope = 'https://sam.test/app/';
const answering = (body: string, status = 200) => {
	const asked: string[] = [];
	const fetchFresh = (url: string): Promise<Response> => {
		asked.push(url);
		return Promise.resolve(new Response(body, { status }));
	};
	return { asked, list: () => workerFiles(scope, fetchFresh) };
};

describe('the list of what workers load', () => {
	test('lies beside the app', async () => {
		const { asked, list } = answering('["_app/immutable/workers/chunks/pdf-1.js"]');
		expect(await list()).toEqual(['_app/immutable/workers/chunks/pdf-1.js']);
		expect(asked).toEqual(['https://sam.test/app/worker-files.json']);
	});

	test('is empty where the build has written none', async () => {
		expect(await answering('Not found', 404).list()).toEqual([]);
	});

	test.each([
		['a failing host', '', 503],
		['a web page in its place', '<!doctype html>', 200],
		['something else', '{"files":[]}', 200],
		['other things in it', '[1]', 200]
	])('is refused: %s', async (_, body, status) => {
		await expect(answering(body, status).list()).rejects.toThrow();
	});
});
