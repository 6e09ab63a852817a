import { hasCode } from '../../core/errors.ts';
import type { ModelId } from '../../core/ids.ts';
import type { FitDevice, FitSubject, FitVerdict } from '../../engines/fit-contract.ts';
import type { ModelListing } from '../../library/library-api.ts';
import type { ModelLibrary } from '../../library/model-library.ts';
import type { StorageEstimate } from '../../ports/blob-store.ts';
import type { DeviceProfile } from '../../ports/gpu-probe.ts';
import type { ChangeFeed } from '../change-feed.ts';
import { fitSubject } from './model-fit.ts';

type Fit = (subject: FitSubject, device: FitDevice) => FitVerdict;

interface Parts {
	readonly library: Pick<ModelLibrary, 'listings'> & {
		onChange(listener: (model: ModelId) => void): () => void;
	};
	readonly estimate: () => Promise<StorageEstimate>;
	readonly feed: Pick<ChangeFeed, 'on'>;
	readonly probe: () => Promise<DeviceProfile>;
	/** Loaded when models are first listed. */
	readonly fit: () => Promise<Fit>;
	/** Kinds of engines in the registry. */
	readonly engineKinds: readonly string[];
}

/** Hears of each read, and why it failed; null where it did not. */
type ReadListener = (problem: unknown) => Promise<void>;

/** The models on offer and on this device, and which of them fit. Nothing is read before someone asks. */
export class OfferedModels {
	readonly #parts: Parts;
	readonly #listeners: ReadListener[] = [];
	#listings = $state.raw<readonly ModelListing[]>([]);
	#storage = $state.raw<StorageEstimate | null>(null);
	#fits = $state.raw<Readonly<Partial<Record<ModelId, FitVerdict>>>>({});
	#profile: Promise<DeviceProfile> | null = null;
	#refreshing: Promise<void> | null = null;
	/** Something has changed since the read under way began. */
	#stale = false;

	constructor(parts: Parts) {
		this.#parts = parts;
		parts.library.onChange(() => void this.refresh());
		parts.feed.on('library', () => void this.refresh());
	}

	get listings(): readonly ModelListing[] {
		return this.#listings;
	}

	get storage(): StorageEstimate | null {
		return this.#storage;
	}

	/** Null until the device is known. */
	fitOf({ id }: ModelListing): FitVerdict | null {
		return this.#fits[id] ?? null;
	}

	/** A refresh waits for its listeners. */
	onRead(listener: ReadListener): void {
		this.#listeners.push(listener);
	}

	/** Several wishes at once are one read, and one more after it. Never rejects: `onRead` hears why it failed. */
	refresh(): Promise<void> {
		this.#stale = true;
		this.#refreshing ??= this.#readUntilFresh();
		return this.#refreshing;
	}

	async #readUntilFresh(): Promise<void> {
		while (this.#stale) {
			this.#stale = false;
			const problem = await this.#read();
			await Promise.all(this.#listeners.map((listener) => listener(problem)));
		}
		this.#refreshing = null;
	}

	/** Why it failed; null when it did not. */
	async #read(again = true): Promise<unknown> {
		const { library, estimate, probe, engineKinds } = this.#parts;
		try {
			this.#listings = await library.listings();
			const storage = await estimate();
			this.#storage = storage;
			this.#profile ??= probe();
			const { quota, usage } = storage;
			const freeBytes = quota > 0 ? Math.max(0, quota - usage) : null;
			const device = { profile: await this.#profile, freeBytes, engines: engineKinds };
			const fit = await this.#parts.fit();
			this.#fits = Object.fromEntries(
				this.#listings.map((each) => [each.id, fit(fitSubject(each), device)])
			);
			return null;
		} catch (error) {
			// The library was ended meanwhile: for another host that it may reach, or because another tab leads now.
			const ended = hasCode(error, 'cancelled') || hasCode(error, 'tab/leader-changed');
			return again && ended ? this.#read(false) : error;
		}
	}
}
