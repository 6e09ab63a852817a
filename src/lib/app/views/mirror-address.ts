const local = ['localhost', '127.0.0.1', '[::1]'];

/**
 * A mirror as the user wrote it, as it is stored: absolute, with a slash at its end. Or what is wrong with it, in a
 * whole sentence.
 */
export function parseMirror(
	text: string
): { readonly address: string } | { readonly problem: string } {
	const trimmed = text.trim();
	if (trimmed === '') return { problem: 'Enter the address of a mirror.' };
	const url = URL.parse(trimmed);
	if (!url || url.host === '')
		return { problem: 'This is no address: it begins with https:// and names a host.' };
	if (url.protocol !== 'https:' && !(url.protocol === 'http:' && local.includes(url.hostname)))
		return { problem: 'A mirror needs https://, or http:// on this machine.' };
	if (url.username || url.password)
		return { problem: 'An address must not hold a name or a password.' };
	if (url.search || url.hash) return { problem: 'The address of a mirror has no “?” and no “#”.' };
	return { address: url.origin + url.pathname.replace(/\/*$/, '/') };
}
