/** The origin that a model's address leads to; null for a name such as `owner/name`, and for what is no address. */
export function addressOrigin(text: string): string | null {
	const url = URL.parse(text.trim());
	return url && /^https?:$/.test(url.protocol) ? url.origin : null;
}
