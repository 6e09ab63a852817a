import type { IncomingMessage, ServerResponse } from 'node:http';
import { Pace } from './pace.ts';
import type { ServedBytes } from './served-bytes.ts';

export interface ServedFile {
	readonly file: ServedBytes;
	/** Over all connections; as fast as it goes when absent. */
	readonly bytesPerSecond?: number;
	/** Of each connection. */
	readonly bytesPerSecondEach?: number;
	/** The connection is cut each time that so many bytes of the file have been sent in all, in ascending order. */
	readonly cuts?: readonly number[];
}

interface Sending extends ServedFile {
	readonly cutsLeft: number[];
	readonly pace: Pace;
	sent: number;
}

/** Files under `/files/<name>`, with ranges, a limited speed, and cuts. Counts what it sends. */
export class FileServer {
	readonly #files = new Map<string, Sending>();

	/** The path of the file. Serving a name again starts its count anew. */
	serve(name: string, served: ServedFile): string {
		this.#files.set(name, {
			...served,
			cutsLeft: [...(served.cuts ?? [])],
			pace: new Pace(served.bytesPerSecond),
			sent: 0
		});
		return `/files/${name}`;
	}

	/** Bytes of the file that have been sent so far. */
	sent(name: string): number {
		return this.#files.get(name)?.sent ?? 0;
	}

	/** Answers if the request is for one of the files. */
	readonly answer = (request: IncomingMessage, response: ServerResponse): void => {
		const name = /^\/files\/([^?]+)/.exec(request.url ?? '')?.[1];
		const sending = name === undefined ? undefined : this.#files.get(name);
		if (!sending) return;
		const { bytes, sha256 } = sending.file;
		const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
		const from = range ? Number(range[1]) : 0;
		const until = range?.[2] ? Math.min(bytes, Number(range[2]) + 1) : bytes;
		response.writeHead(range ? 206 : 200, {
			'content-type': 'application/octet-stream',
			'content-length': until - from,
			'accept-ranges': 'bytes',
			'cache-control': 'no-store',
			etag: `"${sha256}"`,
			...(range ? { 'content-range': `bytes ${from}-${until - 1}/${bytes}` } : {})
		});
		void this.#send(sending, response, from, until);
	};

	async #send(
		sending: Sending,
		response: ServerResponse,
		from: number,
		until: number
	): Promise<void> {
		const own = new Pace(sending.bytesPerSecondEach);
		for (const piece of sending.file.read(from, until)) {
			if (response.destroyed) return;
			await sending.pace.take(piece.byteLength);
			await own.take(piece.byteLength);
			const left = (sending.cutsLeft[0] ?? Number.POSITIVE_INFINITY) - sending.sent;
			const now = piece.subarray(0, Math.max(0, left));
			sending.sent += now.byteLength;
			await written(response, now);
			if (left > piece.byteLength) continue;
			sending.cutsLeft.shift();
			response.destroy();
			return;
		}
		response.end();
	}
}

/** Resolves when the operating system has the bytes, or the connection is gone. */
function written(response: ServerResponse, bytes: Uint8Array): Promise<void> {
	return new Promise((resolve) => {
		const done = (): void => {
			response.off('close', done);
			resolve();
		};
		response.once('close', done);
		response.write(bytes, done);
	});
}
