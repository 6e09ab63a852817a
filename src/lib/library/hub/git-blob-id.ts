import { concatBytes, toHex } from '../../core/bytes.ts';

/** The id under which Git keeps this content: SHA-1 over `blob <bytes>\0` and the content, 40 hex characters. */
export async function gitBlobId(content: Uint8Array<ArrayBuffer>): Promise<string> {
	const header = new TextEncoder().encode(`blob ${content.byteLength}\0`);
	const digest = await crypto.subtle.digest('SHA-1', concatBytes([header, content]));
	return toHex(new Uint8Array(digest));
}
