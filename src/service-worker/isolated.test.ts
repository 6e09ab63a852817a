import { expect, test } from 'vitest';
import { isolated } from './isolated.ts';

test('a page keeps its body, status and headers, and is set apart', async () => {
	const page = new Response('<title>SAM</title>', {
		status: 404,
		statusText: 'Not Found',
		headers: { 'content-type': 'text/html', 'cross-origin-opener-policy': 'unsafe-none' }
	});
	const made = isolated(page);
	expect([made.status, made.statusText]).toEqual([404, 'Not Found']);
	expect(Object.fromEntries(made.headers)).toEqual({
		'content-type': 'text/html',
		'cross-origin-opener-policy': 'same-origin',
		'cross-origin-embedder-policy': 'require-corp'
	});
	expect(await made.text()).toBe('<title>SAM</title>');
});

test('what sends the browser elsewhere is left as it is', () => {
	const redirect = Response.redirect('https://sam.example/memory');
	expect(isolated(redirect)).toBe(redirect);
	const error = Response.error();
	expect(isolated(error)).toBe(error);
});
