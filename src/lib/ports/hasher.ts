import type { Sha256 } from '../core/ids.ts';

/** A running SHA-256 over a stream of bytes. */
export interface Hasher {
	update(bytes: Uint8Array): void;
	/** Ends the hash; the object must not be used afterwards. */
	digest(): Sha256;
	/** The state so far, to go on later with `HasherFactory.resume`. */
	save(): Uint8Array<ArrayBuffer>;
}

export interface HasherFactory {
	create(): Promise<Hasher>;
	/** Errors: `storage/corrupt` when the state is of another build or cut short. */
	resume(state: Uint8Array): Promise<Hasher>;
}
