/** An address as it is stored, or what is wrong with it, in a whole sentence. */
export type ServerAddress = { readonly url: string } | { readonly problem: string };

/** Browsers differ in what else they let pass. */
const isHost = /^[a-z0-9.:[\]-]+$/;

/**
 * The address of a server as the user wrote it: absolute, without a slash at its end. Where no `https://` or `http://`
 * stands before it, the usual one is taken. `ownOrigin` is where the app lives.
 */
export function parseServerAddress(text: string, ownOrigin: string): ServerAddress {
	const trimmed = text.trim();
	if (trimmed === '') return { problem: 'Enter the address of your server.' };
	const url = URL.parse(withScheme(trimmed));
	if (!url || !isHost.test(url.hostname) || !/^https?:$/.test(url.protocol)) {
		return {
			problem: 'This is not an address of a server: enter one such as http://localhost:11434/v1.'
		};
	}
	if (url.username || url.password) {
		return { problem: 'An address must not hold a name or a password. Enter the key below.' };
	}
	if (url.search || url.hash) {
		return { problem: 'The address of a server has no “?” and no “#”.' };
	}
	if (url.protocol === 'http:' && ownOrigin.startsWith('https:') && !isThisMachine(url.hostname)) {
		return {
			problem:
				'This page came over https, and browsers let such a page reach http:// addresses on this machine only. Give the server an https:// address.'
		};
	}
	// Often an address is copied with what follows it.
	const path = url.pathname.replace(/\/(chat\/completions|completions|models|embeddings)?\/*$/, '');
	return { url: url.origin + path };
}

/** Host and port, for people. */
export function hostOf(url: string): string {
	return new URL(url).host;
}

/** True where everyone on the way can read along: over plain http, outside the user's own network. */
export function isOpenToOthers(url: string): boolean {
	const { protocol, hostname } = new URL(url);
	return protocol === 'http:' && !isPrivate(hostname);
}

function withScheme(text: string): string {
	if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return text;
	const host = URL.parse(`http://${text}`)?.hostname ?? '';
	return `${isPrivate(host) ? 'http' : 'https'}://${text}`;
}

function isThisMachine(hostname: string): boolean {
	return /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}

/** Names without a dot, and addresses, that lead nowhere outside a network of one's own. */
function isPrivate(hostname: string): boolean {
	return (
		isThisMachine(hostname) ||
		/^[a-z0-9-]+$/.test(hostname) ||
		/\.(local|lan|internal|home\.arpa)$/.test(hostname) ||
		/^(10\.|192\.168\.|169\.254\.|172\.(1[6-9]|2\d|3[01])\.)[\d.]+$/.test(hostname) ||
		/^100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.[\d.]+$/.test(hostname) ||
		/^\[(f[cd]|fe[89ab])/.test(hostname)
	);
}
