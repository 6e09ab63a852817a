import { carriedOver } from './carried-over.ts';
import { sideBySide } from './side-by-side.ts';

const filesAtOnce = 4;

/** What came of installing files: all are there, or those that are not. */
export type InstallOutcome =
	{ readonly ok: true } | { readonly ok: false; readonly failed: readonly string[] };

/**
 * Built files that are not precached, kept from their first use on. There is one cache per version and scope, so that
 * two copies of the app on one host do not touch each other's.
 */
export class RuntimeCache {
	readonly #caches: CacheStorage;
	readonly #fetch: (url: string) => Promise<Response>;
	readonly #prefix: string;
	readonly #name: string;
	readonly #files: string;

	/** `scope` is the registration's scope, an absolute URL that ends with a slash. */
	constructor(options: {
		readonly caches: CacheStorage;
		readonly fetch: (url: string) => Promise<Response>;
		readonly scope: string;
		readonly version: string;
	}) {
		this.#caches = options.caches;
		this.#fetch = options.fetch;
		this.#prefix = `sam-runtime${new URL(options.scope).pathname}`;
		this.#name = this.#prefix + options.version.replaceAll('/', '_');
		this.#files = new URL('_app/immutable/', options.scope).href;
	}

	/** Only built files with a content hash in their name: never a model, never another host. */
	accepts(url: string): boolean {
		return url.startsWith(this.#files);
	}

	/** From the cache, else from the host and then kept. */
	async respond(url: string): Promise<Response> {
		const cache = await this.#caches.open(this.#name);
		const kept = await cache.match(url);
		if (kept) return kept;
		const response = await this.#fetch(url);
		// A full disk must not keep the file from being used.
		if (response.status === 200) await cache.put(url, response.clone()).catch(() => undefined);
		return response;
	}

	/** Makes sure that all of these (absolute URLs) are in the cache. */
	async install(urls: readonly string[]): Promise<InstallOutcome> {
		const cache = await this.#caches.open(this.#name);
		const failed: string[] = [];
		await sideBySide(urls, filesAtOnce, async (url) => {
			const there = this.accepts(url) && (await this.#add(cache, url));
			if (!there) failed.push(url);
		});
		return failed.length === 0 ? { ok: true } : { ok: false, failed };
	}

	/** Which of these are not in the cache. Reads only. */
	async missing(urls: readonly string[]): Promise<string[]> {
		const cache = await this.#caches.open(this.#name);
		const there = await Promise.all(urls.map((url) => cache.match(url)));
		return urls.filter((_, index) => !there[index]);
	}

	/** Fills this version's cache with its own copies of what older versions kept. `build`: absolute URLs. */
	async carryOver(build: readonly string[]): Promise<InstallOutcome> {
		const kept: string[] = [];
		for (const name of await this.#olderNames()) {
			const older = await this.#caches.open(name);
			kept.push(...(await older.keys()).map((request) => request.url));
		}
		return this.install(carriedOver(kept, build));
	}

	/** Deletes the caches of other versions of this copy of the app. */
	async deleteOlder(): Promise<void> {
		await Promise.all((await this.#olderNames()).map((name) => this.#caches.delete(name)));
	}

	async #add(cache: Cache, url: string): Promise<boolean> {
		try {
			if (await cache.match(url)) return true;
			const response = (await this.#fromOlder(url)) ?? (await this.#fetch(url));
			if (response.status !== 200) return false;
			await cache.put(url, response);
			return true;
		} catch {
			return false;
		}
	}

	async #fromOlder(url: string): Promise<Response | undefined> {
		for (const name of await this.#olderNames()) {
			const older = await this.#caches.open(name);
			const kept = await older.match(url);
			if (kept) return kept;
		}
		return undefined;
	}

	async #olderNames(): Promise<string[]> {
		const names = await this.#caches.keys();
		return names.filter(
			(name) =>
				name !== this.#name &&
				name.startsWith(this.#prefix) &&
				!name.slice(this.#prefix.length).includes('/')
		);
	}
}
