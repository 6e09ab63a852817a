import type { AdapterRow } from '../../adapters/adapter-records.ts';
import { AppError, toAppError } from '../../core/errors.ts';
import type { ModelId } from '../../core/ids.ts';
import type { LocalFile } from '../../library/add/model-address.ts';
import type { Connectivity } from '../../ports/connectivity.ts';
import type { AdapterImporter } from '../adapter-import/adapter-importer.ts';
import type { AdapterProposal } from '../adapter-import/adapter-proposal.ts';
import type { AdapterSource } from '../adapter-import/adapter-source.ts';
import type { FoundAdapter, OnAdapterBytes } from '../adapter-import/found-adapter.ts';
import { AddByAddress, type KnownHosts } from './add-by-address.svelte.ts';

interface Parts extends KnownHosts {
	readonly importer: () => Promise<Pick<AdapterImporter, 'find' | 'inspect' | 'add' | 'forget'>>;
	readonly network: Pick<Connectivity, 'online' | 'onChange'>;
}

/** What is under way. */
export interface AddingAdapter {
	readonly step: 'looking' | 'reading' | 'adding';
	/** 0 to 1; null where it is not known how much there is. */
	readonly share: number | null;
	readonly bytes: number;
	/** Null where nobody tells. */
	readonly total: number | null;
	/** True where a file is fetched from its beginning once more, because it is another one there now. */
	readonly anew: boolean;
	/** True while there is no network: it goes on by itself when there is. */
	readonly waits: boolean;
}

/** A read that did not come to its end. What has come of it is here until the page is reloaded. */
export interface InterruptedRead {
	readonly found: FoundAdapter;
	readonly bytes: number;
	/** Null where nobody tells. */
	readonly total: number | null;
}

/** In place of a reason: nothing of it is to be kept. */
const givenUp = new AppError('cancelled');

/** After these it can be gone on with. */
const interruptions = [
	'download/offline',
	'download/stalled',
	'download/http',
	'download/web-page'
];

/** An adapter on its way onto this device: where it is, what it is, what it would fit. */
export class AddAdapterView extends AddByAddress {
	/** What the adapter will be called. */
	name = $state('');
	/** The model that it will be tied to; null for none. */
	base = $state.raw<ModelId | null>(null);
	readonly #parts: Parts;
	#found = $state.raw<readonly FoundAdapter[]>([]);
	#proposal = $state.raw<AdapterProposal | null>(null);
	#working = $state.raw<Omit<AddingAdapter, 'waits'> | null>(null);
	#interrupted = $state.raw<InterruptedRead | null>(null);
	#online = $state(true);
	/** Of the adapter that is read, or was last. */
	#readFrom = '';
	/** Whether something has come of a read that has not come to its end. */
	#isBegun = false;

	constructor(parts: Parts) {
		super(parts);
		this.#parts = parts;
		this.#online = parts.network.online;
		parts.network.onChange(() => (this.#online = parts.network.online));
	}

	/** What came of the last adapter that was added, in a sentence. */
	get notice(): string | null {
		return this.notices.notice;
	}

	get working(): AddingAdapter | null {
		const isRemote = this.#readFrom !== '' && this.#working?.step !== 'adding';
		return this.#working && { ...this.#working, waits: isRemote && !this.#online };
	}

	/** What can be gone on with; null while something is under way. */
	get interrupted(): InterruptedRead | null {
		return this.#working ? null : this.#interrupted;
	}

	/** The adapters of that place, of which the user chooses one; empty while there is no choice. */
	get choices(): readonly FoundAdapter[] {
		return this.#proposal ? [] : this.#found;
	}

	/** What was read, to be reviewed before it is added. */
	get proposal(): AdapterProposal | null {
		return this.#proposal;
	}

	take = (files: readonly LocalFile[], folder: string | null): Promise<void> =>
		this.#find({ kind: 'files', files, folder });

	/** Reads and checks that one of the choices. */
	choose = (found: FoundAdapter): Promise<void> =>
		this.#run('reading', (onBytes, signal) => this.#inspect(found, onBytes, signal));

	/** Reads on from where it was interrupted. */
	goOn = async (): Promise<void> => {
		if (this.#interrupted) await this.choose(this.#interrupted.found);
	};

	/** From the review back to where it was chosen. */
	back = (): void => {
		this.#proposal = null;
		this.notices.dismiss();
	};

	/** Stores what was reviewed. Resolves with null when there is nothing to add, or it failed. */
	add = async (): Promise<AdapterRow | null> => {
		const proposal = this.#proposal;
		if (!proposal) return null;
		const chosen = { name: this.name.trim() || proposal.name, base: this.base };
		let added: AdapterRow | null = null;
		await this.#run('adding', async (_, signal) => {
			const importer = await this.#parts.importer();
			added = await importer.add(proposal, chosen, signal);
			this.#clear();
			return `“${chosen.name}” is added.`;
		});
		return added;
	};

	/** Stops, and leaves nothing behind but the address. */
	cancel = (): void => {
		this.halt(givenUp);
		this.forget();
		this.#giveUp();
	};

	/** Puts everything back, but for the address and what was interrupted. */
	override forget(): void {
		super.forget();
		this.#found = [];
		this.#proposal = null;
	}

	protected lookAt(text: string): Promise<void> {
		return this.#find({ kind: 'address', text });
	}

	async #find(source: AdapterSource): Promise<void> {
		if (this.#working) return;
		this.forget();
		const from = source.kind === 'address' ? source.text : '';
		if (from !== this.#readFrom) this.#giveUp();
		this.#readFrom = from;
		await this.#run('looking', async (onBytes, signal) => {
			const importer = await this.#parts.importer();
			const found = await importer.find(source, signal);
			const [only, ...others] = found;
			if (only && others.length === 0) return this.#inspect(only, onBytes, signal);
			this.#found = found;
			return null;
		});
	}

	async #inspect(found: FoundAdapter, onBytes: OnAdapterBytes, signal: AbortSignal): Promise<null> {
		const importer = await this.#parts.importer();
		let read: InterruptedRead = { found, bytes: 0, total: found.bytes };
		const show: OnAdapterBytes = (bytes, total) => {
			read = { found, bytes, total };
			onBytes(bytes, total);
		};
		this.#isBegun = true;
		try {
			const proposal = await importer.inspect(found, show, signal);
			this.#proposal = proposal;
			this.#interrupted = null;
			this.#isBegun = false;
			this.name = proposal.name;
			this.base = proposal.base;
			return null;
		} catch (error) {
			const { code } = toAppError(error);
			const stopped = code === 'cancelled' && read.bytes > 0 && signal.reason !== givenUp;
			this.#interrupted = stopped || interruptions.includes(code) ? read : null;
			throw error;
		}
	}

	async #run(
		step: AddingAdapter['step'],
		work: (onBytes: OnAdapterBytes, signal: AbortSignal) => Promise<string | null>
	): Promise<void> {
		if (this.#working) return;
		const bytesBefore = step === 'reading' ? (this.#interrupted?.bytes ?? 0) : 0;
		let before = { bytes: bytesBefore, anew: false };
		this.#working = { step, share: null, total: null, ...before };
		const signal = this.nextSignal();
		const show: OnAdapterBytes = (bytes, total) => {
			before = { bytes, anew: before.anew || bytes < before.bytes };
			const share = total === null ? null : bytes / Math.max(1, total);
			this.#working = { step: step === 'looking' ? 'reading' : step, share, total, ...before };
		};
		await this.notices.run(() => work(show, signal));
		this.#working = null;
	}

	#clear(): void {
		this.forget();
		this.#giveUp();
		this.address = '';
	}

	/** What has come of the last read is not needed any more. */
	#giveUp(): void {
		this.#readFrom = '';
		this.#interrupted = null;
		if (!this.#isBegun) return;
		this.#isBegun = false;
		// Nothing is lost where it fails: a worker that died has forgotten everything.
		void this.#parts.importer().then(
			(importer) => importer.forget().catch(() => undefined),
			() => undefined
		);
	}
}
