import { createServer } from 'node:http';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import sirv from 'sirv';
import { crossOriginIsolation } from './cross-origin-isolation.mjs';

/**
 * Serves static folders as any static host would: `/memory/knowledge` is `memory/knowledge.html`, what is not there
 * is a 404 with the app's fallback page. Earlier folders win. The app is set apart from other origins, for threads.
 * @param {{ port: number, roots: string[], before?: (request: import('node:http').IncomingMessage, response: import('node:http').ServerResponse) => void }} options
 *   `before` may answer a request itself; it ends the response then
 * @returns {Promise<string>} the address
 */
export async function serve({ port, roots, before }) {
	const folders = roots.map((root) => sirv(root, { dev: true, etag: true, extensions: ['html'] }));
	const fallback = roots.map((root) => join(root, '200.html')).find((path) => existsSync(path));
	const server = createServer((request, response) => {
		for (const [name, value] of Object.entries(crossOriginIsolation))
			response.setHeader(name, value);
		before?.(request, response);
		if (response.writableEnded || response.headersSent) return;
		const tryFolder = (/** @type {number} */ index) => {
			const folder = folders[index];
			if (folder) {
				folder(request, response, () => tryFolder(index + 1));
				return;
			}
			// Only a page may get the fallback page: a missing model file must never look like one that is there.
			const wantsPage = request.headers.accept?.includes('text/html') && fallback;
			response.writeHead(wantsPage ? 200 : 404, {
				'content-type': wantsPage ? 'text/html' : 'text/plain'
			});
			response.end(wantsPage ? readFileSync(fallback) : 'Not found');
		};
		tryFolder(0);
	});
	await new Promise((resolve, reject) => {
		server.once('error', reject);
		server.listen(port, '127.0.0.1', () => resolve(undefined));
	});
	return `http://localhost:${port}`;
}
