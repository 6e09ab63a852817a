/**
 * The text of a file's bytes: UTF-8, UTF-16 with a byte order mark, or `fallback` where the bytes are no UTF-8.
 * Line ends become `\n`; the byte order mark and NUL characters are gone.
 */
export function decodeText(bytes: Uint8Array, fallback = 'windows-1252'): string {
	return decode(bytes, fallback).replaceAll(/\r\n?/g, '\n').replaceAll('\0', '');
}

function decode(bytes: Uint8Array, fallback: string): string {
	if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
	if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
	try {
		return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
	} catch {
		return decoderFor(fallback).decode(bytes);
	}
}

/** A page may declare an encoding that does not exist. */
function decoderFor(label: string): TextDecoder {
	try {
		return new TextDecoder(label);
	} catch {
		return new TextDecoder('windows-1252');
	}
}
