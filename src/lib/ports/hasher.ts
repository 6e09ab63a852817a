import type { Sha256 } from '../core/ids.ts';

/** A running SHA-256 over a stream of bytes, possibly on another thread. Calls are answered in their order. */
export interface Hasher {
	/** Resolves when the bytes have been taken: the caller may then reuse their buffer. */
	update(bytes: Uint8Array<ArrayBuffer>): Promise<void>;
	/** Ends the hash; the object must not be used afterwards. */
	digest(): Promise<Sha256>;
	/** The state after every `update` so far, to go on later with `HasherFactory.resume`. */
	save(): Promise<Uint8Array<ArrayBuffer>>;
}

export interface HasherFactory {
	create(): Promise<Hasher>;
	/** Errors: `storage/corrupt` when the state is of another build or cut short. */
	resume(state: Uint8Array): Promise<Hasher>;
}
