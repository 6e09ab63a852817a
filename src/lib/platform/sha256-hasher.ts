import { createSHA256, type IHasher } from 'hash-wasm';
import { concatBytes } from '../core/bytes.ts';
import { AppError } from '../core/errors.ts';
import type { Sha256 } from '../core/ids.ts';
import type { Hasher, HasherFactory } from '../ports/hasher.ts';

/** Stands before a saved state. A state means something only to the build of the library that wrote it. */
const buildTag = new TextEncoder().encode('hash-wasm 4.13.0 sha256\n');

/** SHA-256 by hash-wasm, on the thread that calls it. */
export class Sha256HasherFactory implements HasherFactory {
	async create(): Promise<Hasher> {
		return new Sha256Hasher(await createSHA256());
	}

	async resume(state: Uint8Array): Promise<Hasher> {
		const engine = await createSHA256();
		if (!buildTag.every((byte, i) => state[i] === byte)) throw corrupt('of another build');
		try {
			engine.load(state.subarray(buildTag.length));
		} catch (error) {
			throw corrupt('unreadable', error);
		}
		return new Sha256Hasher(engine);
	}
}

class Sha256Hasher implements Hasher {
	readonly #engine: IHasher;

	constructor(engine: IHasher) {
		this.#engine = engine;
	}

	update(bytes: Uint8Array): Promise<void> {
		this.#engine.update(bytes);
		return Promise.resolve();
	}

	digest(): Promise<Sha256> {
		return Promise.resolve(this.#engine.digest('hex') as Sha256);
	}

	save(): Promise<Uint8Array<ArrayBuffer>> {
		return Promise.resolve(concatBytes([buildTag, this.#engine.save()]));
	}
}

function corrupt(how: string, cause?: unknown): AppError {
	return new AppError('storage/corrupt', { cause, details: { what: `a hash state ${how}` } });
}
