import type { StorageEstimate } from '../../ports/blob-store.ts';
import type { RecordStore } from '../../ports/record-store.ts';
import { write } from '../../ports/store-write.ts';
import { readSetting } from '../read-setting.ts';
import { settingsStore, type Appearance } from '../settings-record.ts';
import type { NetworkSettings } from './network-settings.svelte.ts';

interface Parts {
	readonly records: RecordStore;
	readonly network: NetworkSettings;
	readonly estimate: () => Promise<StorageEstimate>;
	readonly persist: () => Promise<boolean>;
	/** Shows the appearance on the page. */
	readonly show: (appearance: Appearance) => void;
}

/** The settings of this device. */
export class SettingsView {
	readonly network: NetworkSettings;
	readonly #parts: Parts;
	#appearance = $state<Appearance>('system');
	#storage = $state.raw<StorageEstimate | null>(null);
	/** Null until the user has asked. */
	#persistAnswer = $state<boolean | null>(null);

	constructor(parts: Parts) {
		this.#parts = parts;
		this.network = parts.network;
	}

	get appearance(): Appearance {
		return this.#appearance;
	}

	get storage(): StorageEstimate | null {
		return this.#storage;
	}

	get persistAnswer(): boolean | null {
		return this.#persistAnswer;
	}

	async load(): Promise<void> {
		this.#appearance = (await readSetting(this.#parts.records, 'appearance')) ?? 'system';
		this.#parts.show(this.#appearance);
		await this.network.load();
	}

	async measure(): Promise<void> {
		this.#storage = await this.#parts.estimate();
	}

	setAppearance = async (appearance: Appearance): Promise<void> => {
		this.#appearance = appearance;
		this.#parts.show(appearance);
		await this.#parts.records.commit([
			write.put(settingsStore, { name: 'appearance', value: appearance })
		]);
	};

	/** Asks the browser to keep this app's data even when space is short. */
	persist = async (): Promise<void> => {
		this.#persistAnswer = await this.#parts.persist();
		await this.measure();
	};
}
