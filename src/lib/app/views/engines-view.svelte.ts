import { formatBytes } from '../../core/bytes.ts';
import { hasCode } from '../../core/errors.ts';
import type { ModelId } from '../../core/ids.ts';
import type { Setup } from '../../core/setup.ts';
import type { FitVerdict } from '../../engines/fit-contract.ts';
import type { LocalFile } from '../../library/add/model-address.ts';
import type { FrozenModel } from '../../library/frozen-model.ts';
import type { ModelListing } from '../../library/library-api.ts';
import type { ModelLibrary } from '../../library/model-library.ts';
import type { SetupRepository } from '../../migration/setup-repository.ts';
import type { StorageEstimate } from '../../ports/blob-store.ts';
import type { ChangeFeed } from '../change-feed.ts';
import { modelUsers } from '../model-users.ts';
import { ExportView } from './export-view.svelte.ts';
import { persistNotice, repairNotice, updateNotice } from './library-notices.ts';
import { MeasureView, type Meter } from './measure-view.svelte.ts';
import { everyModel, filterListings, type ModelFilter } from './model-filter.ts';
import { Notices } from './notices.svelte.ts';
import type { OfferedModels } from './offered-models.svelte.ts';

interface Parts {
	readonly offers: OfferedModels;
	readonly library: Pick<
		ModelLibrary,
		| 'checkForUpdates'
		| 'exportTo'
		| 'freeze'
		| 'giveFiles'
		| 'install'
		| 'move'
		| 'pause'
		| 'remove'
		| 'verify'
	>;
	readonly setup: Pick<SetupRepository, 'read'>;
	readonly estimate: () => Promise<StorageEstimate>;
	readonly feed: Pick<ChangeFeed, 'announce'>;
	/** The setup that an upgrade under way leads to: its models must stay. */
	readonly upgradingTo: () => Setup | null;
	/** Kinds of engines in the registry. */
	readonly engineKinds: readonly string[];
	readonly meter: Meter;
}

/** The page of models: what can be done with each, and what came of it. */
export class EnginesView {
	/** What came of the last action. */
	readonly notices = new Notices();
	readonly exports: ExportView;
	readonly measuring: MeasureView;
	/** Stays as it is while the tab lives. */
	filter = $state.raw<ModelFilter>(everyModel);
	readonly #parts: Parts;
	#freezing = $state.raw<ModelId | null>(null);
	#review = $state.raw<FrozenModel | null>(null);
	#checking = $state(false);

	constructor(parts: Parts) {
		this.#parts = parts;
		this.exports = new ExportView({ library: parts.library, notices: this.notices });
		this.measuring = new MeasureView({ meter: parts.meter, notices: this.notices });
		parts.offers.onRead((problem) => this.#afterRead(problem));
	}

	get listings(): readonly ModelListing[] {
		return this.#parts.offers.listings;
	}

	/** Those that pass the filter. */
	get shown(): readonly ModelListing[] {
		return filterListings(
			this.listings,
			this.filter,
			(listing) => this.fitOf(listing)?.verdict !== 'wont-fit'
		);
	}

	/** Those that wait for their turn, the next one first. */
	get queue(): readonly ModelId[] {
		const placeOf = ({ state }: ModelListing): number => (state.at === 'queued' ? state.place : 0);
		return this.listings
			.filter(({ state }) => state.at === 'queued')
			.sort((a, b) => placeOf(a) - placeOf(b))
			.map(({ id }) => id);
	}

	get storage(): StorageEstimate | null {
		return this.#parts.offers.storage;
	}

	/** The model whose publisher is being asked for its files. */
	get freezing(): ModelId | null {
		return this.#freezing;
	}

	/** A model whose exact files its publisher has told, to be agreed to before they are downloaded. */
	get review(): FrozenModel | null {
		return this.#review;
	}

	/** Publishers are being asked for newer revisions. */
	get checking(): boolean {
		return this.#checking;
	}

	/** Null until the device is known. */
	fitOf(listing: ModelListing): FitVerdict | null {
		return this.#parts.offers.fitOf(listing);
	}

	/** Whether SAM has an engine for it at all. */
	canRun({ entry }: ModelListing): boolean {
		return this.#parts.engineKinds.includes(entry.engine);
	}

	refresh(): Promise<void> {
		return this.#parts.offers.refresh();
	}

	/** Starts a download. Where only the publisher knows the files, it is asked for them, and they are up for review. */
	async download(listing: ModelListing): Promise<void> {
		const { id, entry, frozen } = listing;
		if (frozen && frozen.about.integrity !== 'publisher') return this.install(id);
		if (this.#freezing) return;
		this.#freezing = id;
		await this.#act(async () => {
			const { signal } = new AbortController();
			this.#review = frozen ?? (await this.#parts.library.freeze(id, signal));
			return null;
		}, entry.name);
		this.#freezing = null;
	}

	/** Closes the review and downloads what was agreed to. */
	acceptReview = async (): Promise<void> => {
		const id = this.#review?.spec.id;
		this.#review = null;
		if (id) await this.install(id);
	};

	declineReview = (): void => {
		this.#review = null;
	};

	/** Starts a download of known files or goes on with one. Resolves when it is on this device, or has stopped. */
	async install(model: ModelId): Promise<void> {
		const first = !this.listings.some(({ state }) => state.at === 'installed');
		await this.#act(async () => {
			const { signal } = new AbortController();
			try {
				await this.#parts.library.install(model, () => undefined, signal);
			} catch (error) {
				if (!hasCode(error, 'tab/leader-changed')) throw error;
				return `The download of ${this.#nameOf(model)} goes on in the other tab.`;
			}
			const done = `${this.#nameOf(model)} is downloaded and verified.`;
			return first ? `${done} ${persistNotice(await this.#parts.estimate())}` : done;
		}, this.#nameOf(model));
	}

	pause = (model: ModelId): Promise<void> =>
		this.#act(async () => {
			await this.#parts.library.pause(model);
			return null;
		});

	move = (model: ModelId, where: 'earlier' | 'later'): Promise<void> =>
		this.#act(async () => {
			await this.#parts.library.move(model, where);
			return null;
		});

	verify = (model: ModelId): Promise<void> =>
		this.#act(async () => {
			const { signal } = new AbortController();
			const repaired = await this.#parts.library.verify(model, () => undefined, signal);
			return `${this.#nameOf(model)}: ${repairNotice(repaired)}`;
		}, this.#nameOf(model));

	remove = (model: ModelId): Promise<void> =>
		this.#act(async () => {
			const name = this.#nameOf(model);
			const freed = await this.#parts.library.remove(model, await this.#usersOf(model));
			return `${name} is deleted: ${formatBytes(freed)} freed.`;
		}, this.#nameOf(model));

	/** Hands in the files of a model that was added from this machine, and goes on with it. */
	async giveFiles(model: ModelId, files: readonly LocalFile[]): Promise<void> {
		await this.#act(async () => {
			await this.#parts.library.giveFiles(model, files);
			return null;
		}, this.#nameOf(model));
		if (!this.notices.error) await this.install(model);
	}

	checkForUpdates = async (): Promise<void> => {
		if (this.#checking) return;
		this.#checking = true;
		await this.#act(async () => {
			const { signal } = new AbortController();
			return updateNotice(await this.#parts.library.checkForUpdates(signal));
		});
		this.#checking = false;
	};

	async #act(action: () => Promise<string | null>, subject = ''): Promise<void> {
		await this.notices.run(action, subject);
		this.#parts.feed.announce('library');
	}

	async #afterRead(problem: unknown): Promise<void> {
		const why = problem ?? (await this.#readMeasures());
		// Why an action failed says more than that the list could not be read after it.
		if (why && !this.notices.error) this.notices.show(why);
	}

	/** Why they could not be read; null when they were. */
	async #readMeasures(): Promise<unknown> {
		try {
			await this.measuring.refresh();
			return null;
		} catch (error) {
			return error;
		}
	}

	#nameOf(model: ModelId): string {
		return this.listings.find(({ id }) => id === model)?.entry.name ?? 'The model';
	}

	async #usersOf(model: ModelId): Promise<string[]> {
		const record = await this.#parts.setup.read();
		return record ? modelUsers(record, model, this.#parts.upgradingTo()) : [];
	}
}
