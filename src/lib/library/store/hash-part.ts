import { toHex } from '../../core/bytes.ts';
import type { Sha256 } from '../../core/ids.ts';

/** SHA-256 of one part. Parts are small enough for the browser's one-shot digest, the fastest there is. */
export async function hashPart(bytes: Uint8Array<ArrayBuffer>): Promise<Sha256> {
	return toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))) as Sha256;
}
