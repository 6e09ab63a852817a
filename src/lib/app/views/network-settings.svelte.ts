import {
	defaultDownloadSettings,
	type DownloadSettings
} from '../../library/download/download-settings.ts';
import type { RecordStore } from '../../ports/record-store.ts';
import { write } from '../../ports/store-write.ts';
import { readSetting } from '../read-setting.ts';
import { settingsStore } from '../settings-record.ts';
import { parseMirror } from './mirror-address.ts';

/** Hosts that SAM's catalog and its own search for models lead to. */
const knownOrigins = ['https://huggingface.co', 'https://hf.co', 'https://github.com'];

interface Parts {
	readonly records: RecordStore;
	/** Where the app itself lives. */
	readonly ownOrigin: string;
	/** Makes downloads follow the settings from now on. */
	readonly applyDownloads: (settings: DownloadSettings) => Promise<void>;
	/** Lets SAM's workers reach these origins, and no others besides the known ones, from now on. */
	readonly applyHosts: (origins: readonly string[]) => Promise<void>;
}

/** Where models may come from, and how fast. Stored on this device, in force in all of the app. */
export class NetworkSettings {
	readonly #parts: Parts;
	#downloads = $state.raw<DownloadSettings>(defaultDownloadSettings);
	#hosts = $state.raw<readonly string[]>([]);

	constructor(parts: Parts) {
		this.#parts = parts;
	}

	get downloads(): DownloadSettings {
		return this.#downloads;
	}

	/** Origins that the user has allowed, one by one. */
	get hosts(): readonly string[] {
		return this.#hosts;
	}

	async load(): Promise<void> {
		const { records } = this.#parts;
		this.#downloads = (await readSetting(records, 'downloads')) ?? defaultDownloadSettings;
		this.#hosts = (await readSetting(records, 'hosts')) ?? [];
		await this.#apply();
	}

	/** Null when it was added; else what is wrong with it, in a sentence. */
	addMirror = async (text: string): Promise<string | null> => {
		const mirror = parseMirror(text);
		if ('problem' in mirror) return mirror.problem;
		const { mirrors } = this.#downloads;
		if (mirrors.includes(mirror.address)) return 'This mirror is in the list already.';
		await this.#change({ mirrors: [...mirrors, mirror.address] });
		return null;
	};

	removeMirror = (address: string): Promise<void> =>
		this.#change({ mirrors: this.#downloads.mirrors.filter((mirror) => mirror !== address) });

	setOfficialHost = (officialHost: boolean): Promise<void> => this.#change({ officialHost });

	/** In MB a second as the user wrote it; empty for no limit. Null when it was set, else what is wrong with it. */
	setSpeedLimit = async (text: string): Promise<string | null> => {
		const megabytes = Number(text.trim().replace(',', '.'));
		if (text.trim() === '') await this.#change({ bytesPerSecond: null });
		else if (!Number.isFinite(megabytes) || megabytes < 0.01)
			return 'Enter a number above 0, or nothing for no limit.';
		else await this.#change({ bytesPerSecond: Math.round(megabytes * 1e6) });
		return null;
	};

	/** Whether the user knows that SAM talks to this origin. */
	mayContact = (origin: string): boolean =>
		[
			this.#parts.ownOrigin,
			...knownOrigins,
			...this.#hosts,
			...this.#downloads.mirrors.map(originOf)
		].includes(origin);

	allowHost = async (origin: string): Promise<void> => {
		if (!this.mayContact(origin)) await this.#setHosts([...this.#hosts, origin]);
	};

	forgetHost = (origin: string): Promise<void> =>
		this.#setHosts(this.#hosts.filter((host) => host !== origin));

	async #change(changes: Partial<DownloadSettings>): Promise<void> {
		const value = { ...this.#downloads, ...changes };
		await this.#parts.records.commit([write.put(settingsStore, { name: 'downloads', value })]);
		this.#downloads = value;
		await this.#apply();
	}

	async #setHosts(value: readonly string[]): Promise<void> {
		await this.#parts.records.commit([write.put(settingsStore, { name: 'hosts', value })]);
		this.#hosts = value;
		await this.#apply();
	}

	async #apply(): Promise<void> {
		// First the hosts: mirrors that may not be reached are of no use.
		const origins = [...this.#downloads.mirrors.map(originOf), ...this.#hosts];
		await this.#parts.applyHosts(origins.filter((each, at) => origins.indexOf(each) === at));
		await this.#parts.applyDownloads(this.#downloads);
	}
}

function originOf(address: string): string {
	return new URL(address).origin;
}
