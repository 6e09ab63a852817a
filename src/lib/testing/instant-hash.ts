import { createSHA256 } from 'hash-wasm';
import { vi } from 'vitest';
import { concatBytes } from '../core/bytes.ts';
import type { Sha256 } from '../core/ids.ts';
import type { Hasher, HasherFactory } from '../ports/hasher.ts';

const engine = await createSHA256();

function digestOf(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
	return engine.init().update(bytes).digest('binary').slice();
}

/**
 * Hashers that take no real time, so that a manual clock cannot run ahead of them: their state is every byte so far.
 */
export class InstantHasherFactory implements HasherFactory {
	create(): Promise<Hasher> {
		return this.resume(new Uint8Array(0));
	}

	async resume(state: Uint8Array): Promise<Hasher> {
		let bytes = concatBytes([state]);
		return {
			update: async (more) => void (bytes = concatBytes([bytes, more])),
			save: async () => bytes.slice(),
			digest: async () => engine.init().update(bytes).digest('hex') as Sha256
		};
	}
}

/** Makes the platform's own SHA-256 answer at once, too, until the mocks are restored. */
export function hashInstantly(): void {
	vi.spyOn(crypto.subtle, 'digest').mockImplementation(
		async (_, data) =>
			digestOf(data instanceof ArrayBuffer ? new Uint8Array(data) : viewOf(data)).buffer
	);
}

function viewOf(data: ArrayBufferView): Uint8Array {
	return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
