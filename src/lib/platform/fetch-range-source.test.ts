import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import {
	describeRangeSource,
	type RangeSourceUnderTest
} from '../testing/contracts/range-source.ts';
import { readAll } from '../testing/read-all.ts';
import { signInPage, type ReadFault, type ServedFile } from '../testing/scripted-range-source.ts';
import { FetchRangeSource } from './fetch-range-source.ts';

/** A real HTTP server that keeps and breaks the rules as it is told. */
class FaultyServer {
	readonly requests: IncomingMessage[] = [];
	readonly #server = createServer((request, response) => this.#answer(request, response));
	#file: ServedFile = { body: new Uint8Array(0) };
	#fault: ReadFault | undefined;
	#origin = '';

	async start(): Promise<this> {
		await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
		this.#origin = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
		return this;
	}

	serve(file: ServedFile): string {
		this.#file = file;
		return `${this.#origin}/model/part?signature=secret`;
	}

	fail(fault: ReadFault): void {
		this.#fault = fault;
	}

	async stop(): Promise<void> {
		this.#server.closeAllConnections();
		await new Promise((resolve) => this.#server.close(resolve));
	}

	#answer(request: IncomingMessage, response: ServerResponse): void {
		this.requests.push(request);
		const fault = this.#fault;
		this.#fault = undefined;
		if (fault?.kind === 'offline') request.socket.destroy();
		else if (fault?.kind === 'status')
			response
				.writeHead(
					fault.status,
					fault.retryAfter ? { 'retry-after': String(fault.retryAfter) } : undefined
				)
				.end('sorry');
		else if (fault?.kind === 'web-page')
			response.writeHead(200, { 'content-type': 'Text/HTML; charset=utf-8' }).end(signInPage);
		else this.#send(request.headers.range, response, fault);
	}

	#send(range: string | undefined, response: ServerResponse, fault?: ReadFault): void {
		const { body, validator, ignoresRanges, hidesTotal, contentType } = this.#file;
		const asked = ignoresRanges ? null : /^bytes=(\d+)-(\d*)$/.exec(range ?? '');
		const from = Number(asked?.[1] ?? 0);
		const until = asked?.[2] ? Number(asked[2]) + 1 : body.byteLength;
		if (asked && from >= body.byteLength) {
			response.writeHead(416).end();
			return;
		}
		const size = fault?.kind === 'lie' ? fault.total : body.byteLength;
		const end = fault?.kind === 'short' ? fault.at : until;
		response.writeHead(asked ? 206 : 200, {
			...(validator ? { etag: validator } : {}),
			...(contentType ? { 'content-type': `${contentType}; charset=utf-8` } : {}),
			...(asked
				? { 'content-range': `bytes ${from}-${until - 1}/${hidesTotal ? '*' : size}` }
				: {}),
			'content-length': end - from
		});
		response.flushHeaders();
		const sent = body.slice(from, end);
		if (fault?.kind === 'flip') sent[fault.at - from]! ^= 1;
		if (fault?.kind !== 'cut' && fault?.kind !== 'stall') response.end(sent);
		else
			response.write(sent.subarray(0, fault.at - from), () => {
				if (fault.kind === 'cut') response.destroy();
			});
	}
}

async function onServer(): Promise<RangeSourceUnderTest> {
	const server = await new FaultyServer().start();
	return {
		source: new FetchRangeSource(),
		serve: (file) => server.serve(file),
		fail: (_, fault) => server.fail(fault),
		close: () => server.stop()
	};
}

describeRangeSource('FetchRangeSource', onServer);

async function withServer(work: (server: FaultyServer) => Promise<void>): Promise<void> {
	const server = await new FaultyServer().start();
	await work(server).finally(() => server.stop());
}

const never = new AbortController().signal;
const source = new FetchRangeSource();
const body = new Uint8Array(10);

test('a read sends a Range header only for a part, and never one that needs a preflight', async () => {
	await withServer(async (server) => {
		const url = server.serve({ body });
		await source.read(url, { from: 0 }, never);
		await source.read(url, { from: 2, until: 5 }, never);
		expect(server.requests.map(({ headers }) => headers.range)).toEqual([undefined, 'bytes=2-4']);
		for (const { headers } of server.requests)
			for (const name of ['if-range', 'authorization', 'referer', 'cookie'])
				expect(headers).not.toHaveProperty(name);
	});
});

test('an error names the file without the signature in its address', async () => {
	await withServer(async (server) => {
		const url = server.serve({ body });
		server.fail({ kind: 'status', status: 403 });
		const read = source.read(url, { from: 0 }, never);
		await expect(read).rejects.toMatchObject({
			details: { path: expect.stringMatching(/\/model\/part$/) as string }
		});
	});
});

test('nothing is read where no server listens', async () => {
	let url = '';
	await withServer(async (server) => {
		url = server.serve({ body });
		await Promise.resolve();
	});
	const read = source.read(url, { from: 0 }, never);
	await expect(read).rejects.toMatchObject({ code: 'download/offline' });
});

test('of a compressed reply the total is unknown, for its length is not that of the file', async () => {
	const packed = gzipSync(new Uint8Array(5000));
	const server = createServer((_, response) => {
		response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': packed.byteLength });
		response.end(packed);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
	const reply = await source.read(url, { from: 0 }, never);
	expect(reply.total).toBeNull();
	expect(await readAll(reply.body)).toHaveLength(5000);
	server.closeAllConnections();
	server.close();
});

test('redirects are followed, and the host at their end is the one that refuses', async () => {
	await withServer(async (server) => {
		const target = server.serve({ body });
		const hub = createServer((_, response) => response.writeHead(302, { location: target }).end());
		await new Promise<void>((resolve) => hub.listen(0, '127.0.0.1', resolve));
		const url = `http://127.0.0.1:${(hub.address() as AddressInfo).port}/`;
		const reply = await source.read(url, { from: 4 }, never);
		expect(await readAll(reply.body)).toEqual(body.slice(4));
		server.fail({ kind: 'status', status: 403 });
		await expect(source.read(url, { from: 0 }, never)).rejects.toMatchObject({
			details: { status: 403, host: new URL(target).host }
		});
		hub.closeAllConnections();
		hub.close();
	});
});
