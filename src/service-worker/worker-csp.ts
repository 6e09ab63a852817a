/** Directive → sources, in SvelteKit's spelling: keywords and hashes without their quotes. */
export type PolicyDirectives = Readonly<Record<string, readonly string[]>>;

const keywords = new Set([
	'self',
	'none',
	'unsafe-eval',
	'unsafe-hashes',
	'unsafe-inline',
	'wasm-unsafe-eval',
	'strict-dynamic',
	'report-sample'
]);
const nonceOrHash = /^(nonce|sha\d\d\d)-/;

/**
 * The value of a Content-Security-Policy header, spelled as SvelteKit spells the one of the pages.
 * `allowedOrigins` are what the user has added: they widen `connect-src` and nothing else.
 */
export function policyHeader(
	directives: PolicyDirectives,
	allowedOrigins: readonly string[] = []
): string {
	return Object.entries(directives)
		.map(([name, sources]) => [
			name,
			...sources.map((source) =>
				keywords.has(source) || nonceOrHash.test(source) ? `'${source}'` : source
			),
			...(name === 'connect-src' ? allowedOrigins.filter(isOrigin) : [])
		])
		.map((parts) => parts.join(' '))
		.join('; ');
}

/** What the user has added. */
export interface Allowed {
	/** Hosts of models. */
	readonly hosts: readonly string[];
	/** Servers that engines may ask. */
	readonly servers: readonly string[];
}

/**
 * The policy of the worker that starts from that script. Only the library downloads from model hosts, only engines ask
 * servers of the user's, and no other worker reaches anything but the app's own host.
 */
export function workerPolicy(
	script: string,
	directives: PolicyDirectives,
	{ hosts, servers }: Allowed
): string {
	const name = /([^/]+)\.worker[^/]*$/.exec(script)?.[1] ?? '';
	if (name === 'library') return policyHeader(directives, hosts);
	const apart = { ...directives, 'connect-src': ['self'] };
	return policyHeader(apart, name === 'engine' || name === 'server' ? servers : []);
}

/** True for an http(s) origin and nothing more: no path, no wildcard, nothing that could end the directive. */
export function isOrigin(text: string): boolean {
	if (!/^https?:\/\/[a-z0-9.:[\]-]+$/i.test(text)) return false;
	return URL.canParse(text) && new URL(text).origin === text;
}

/** A request for the script that a worker starts from. A page's policy in its `<meta>` does not bind workers. */
export function startsWorker(request: Pick<Request, 'destination'>): boolean {
	return request.destination === 'worker' || request.destination === 'sharedworker';
}

/** The same response with that policy. */
export function withPolicy(response: Response, policy: string): Response {
	const headers = new Headers(response.headers);
	headers.set('content-security-policy', policy);
	return new Response(response.body, {
		status: response.status,
		statusText: response.statusText,
		headers
	});
}
