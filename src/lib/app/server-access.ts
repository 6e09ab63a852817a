import { remoteServerStore } from '../engines/remote/remote-server.ts';
import type { RecordStore } from '../ports/record-store.ts';

interface Parts {
	readonly records: Pick<RecordStore, 'list'>;
	/** Lets engines that start from now on reach these origins, and no others. */
	readonly allowServers: (origins: readonly string[]) => Promise<void>;
}

/** Which servers the engines of this app may reach: those that the user has added. */
export class ServerAccess {
	readonly #parts: Parts;

	constructor(parts: Parts) {
		this.#parts = parts;
	}

	/** For engines that start from now on: the servers that are stored, and `more` while one is tried. */
	async allow(...more: readonly string[]): Promise<void> {
		await this.#parts.allowServers(originsOf([...(await this.#stored()), ...more]));
	}

	/** At the start of the app. Nothing waits for it where there is no server. */
	async restore(): Promise<void> {
		const stored = await this.#stored();
		const allowed = this.#parts.allowServers(originsOf(stored));
		if (stored.length > 0) await allowed;
	}

	async #stored(): Promise<string[]> {
		return (await this.#parts.records.list(remoteServerStore)).map(({ url }) => url);
	}
}

/** Origins of URLs, each once. */
function originsOf(urls: readonly string[]): string[] {
	return [...new Set(urls.map((url) => new URL(url).origin))];
}
