import { toHex } from './bytes.ts';
import type { Sha256 } from './ids.ts';

/** SHA-256 of a text's UTF-8 bytes. For small inputs; files go through the Hasher port. */
export async function hashText(text: string): Promise<Sha256> {
	const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
	return toHex(new Uint8Array(digest)) as Sha256;
}
