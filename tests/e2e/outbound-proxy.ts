import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface OutboundProxy {
	/** For `--proxy-server`. Browsers reach this machine itself without it. */
	readonly url: string;
	/** Hosts that the browser has wanted to reach, of pages and workers of every kind. */
	readonly hosts: readonly string[];
	close(): Promise<void>;
}

/** Where Chromium reports and updates itself, whatever page is open. */
const ownHosts = /(^|\.)(google\.com|googleapis\.com|gvt1\.com)(:\d+)?$/;

/** Stands between a browser and the world, and lets nothing through. */
export async function startOutboundProxy(): Promise<OutboundProxy> {
	const hosts: string[] = [];
	const note = (host: string): void => {
		if (!ownHosts.test(host)) hosts.push(host);
	};
	const server = createServer((request, response) => {
		note(new URL(request.url ?? '/', 'http://unknown.invalid').host);
		response.writeHead(403).end();
	});
	server.on('connect', (request, socket) => {
		note(request.url ?? '');
		// A browser that ends at once breaks off: nobody waits for the answer any more.
		socket.on('error', () => socket.destroy());
		socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		hosts,
		close: async () => {
			server.closeAllConnections();
			server.close();
			await once(server, 'close');
		}
	};
}
