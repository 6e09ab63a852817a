import { isOrigin } from './worker-csp.ts';

/**
 * Origins that the user has added, for the policy of workers: model hosts, or servers of their own. They lie in a cache of their own, because a service
 * worker starts anew for each burst of requests and must not wait for a page to tell it.
 */
export class AllowedOrigins {
	readonly #caches: CacheStorage;
	readonly #name: string;
	readonly #key: string;

	/** `scope` is the registration's scope, an absolute URL that ends with a slash. */
	constructor(
		caches: CacheStorage,
		scope: string,
		list: 'allowed-origins' | 'allowed-servers' = 'allowed-origins'
	) {
		this.#caches = caches;
		this.#name = `sam-policy${new URL(scope).pathname}`;
		this.#key = new URL(list, scope).href;
	}

	/** Replaces the list. What is no plain http(s) origin is left out. */
	async set(origins: readonly string[]): Promise<void> {
		const cache = await this.#caches.open(this.#name);
		await cache.put(this.#key, Response.json(origins.filter(isOrigin)));
	}

	async get(): Promise<string[]> {
		const cache = await this.#caches.open(this.#name);
		const stored: unknown = await (await cache.match(this.#key))?.json();
		return Array.isArray(stored)
			? stored.filter((origin) => typeof origin === 'string').filter(isOrigin)
			: [];
	}
}
