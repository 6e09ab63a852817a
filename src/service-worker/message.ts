/** What a page may ask of the service worker. */
export type ServiceWorkerMessage =
	/** Take over from the version in use. Never sent unless the user asked for the update. */
	| { readonly type: 'activate' }
	/** Take control of pages that have none (after a forced reload). */
	| { readonly type: 'claim' }
	/** Keep these built files for offline use. Answers `{ ok: true }` or `{ ok: false, failed }`. */
	| { readonly type: 'install'; readonly urls: readonly string[] }
	/** Which of these are not kept. Answers `{ ok: true, missing }`. */
	| { readonly type: 'missing'; readonly urls: readonly string[] }
	/** Model hosts that the library may reach besides those of the catalog. Answers `{ ok: true }`. */
	| { readonly type: 'allow-origins'; readonly origins: readonly string[] }
	/** Servers that engines may reach, which else reach nothing. Answers `{ ok: true }`. */
	| { readonly type: 'allow-servers'; readonly origins: readonly string[] };

/** The message, or null for anything else. */
export function parseMessage(data: unknown): ServiceWorkerMessage | null {
	if (typeof data !== 'object' || data === null) return null;
	const { type, urls, origins } = data as Readonly<Record<string, unknown>>;
	switch (type) {
		case 'activate':
		case 'claim':
			return { type };
		case 'install':
		case 'missing':
			return isStrings(urls) ? { type, urls } : null;
		case 'allow-origins':
		case 'allow-servers':
			return isStrings(origins) ? { type, origins } : null;
		default:
			return null;
	}
}

function isStrings(value: unknown): value is string[] {
	return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
