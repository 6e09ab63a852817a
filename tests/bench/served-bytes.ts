/** Bytes that the bench's server can send, from wherever they come. */
export interface ServedBytes {
	readonly bytes: number;
	/** Of all of it, in hex. */
	readonly sha256: string;
	/** The bytes from `from` up to and without `until`, in pieces. */
	read(from: number, until: number): Iterable<Uint8Array>;
}
