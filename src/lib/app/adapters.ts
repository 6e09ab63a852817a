import type { AdapterSupport } from '../adapters/adapter-support.ts';
import type { AdapterCheckRow, AdapterRow } from '../adapters/adapter-records.ts';
import type { AdapterVerdict } from '../adapters/adapter-verdict.ts';
import type { AdapterChanges, AdapterStore } from '../adapters/adapter-store.ts';
import type { ModelFile } from '../adapters/model-files.ts';
import { AppError, hasCode } from '../core/errors.ts';
import type { AdapterId } from '../core/ids.ts';
import type { ModelSpec } from '../core/model-spec.ts';
import type { AdapterUse, EngineChoice, SetupRecord } from '../core/setup.ts';
import type { SetupRepository } from '../migration/setup-repository.ts';
import { activeSetup } from './active-setup.ts';
import { adapterState, type AdapterState } from './adapter-state.ts';
import type { AdapterWork } from './adapter-work.ts';
import type { ChangeFeed } from './change-feed.ts';
import type { TryBeside, TryEvent } from './try-beside.ts';

/** An adapter as its page lists it. */
export interface ListedAdapter {
	readonly row: AdapterRow;
	readonly state: AdapterState;
	/** A sentence or two for people: why, and what brings it on. */
	readonly reason: string;
	/** For the chat engine in use. */
	readonly verdict: AdapterVerdict;
	/** The last one with that engine; null when there was none. */
	readonly check: AdapterCheckRow | null;
	/** What needs it, in words: while anything does, it cannot be removed. */
	readonly users: readonly string[];
}

/** The chat engine in use, as adapters see it. */
export interface AdaptedEngine {
	readonly choice: EngineChoice;
	readonly support: AdapterSupport;
}

interface Parts {
	readonly work: Pick<AdapterWork, 'keeper' | 'verdictOf' | 'identityOf' | 'usersOf' | 'remove'> & {
		readonly store: Pick<AdapterStore, 'list' | 'get' | 'update' | 'file'>;
	};
	/** The last one of that pair. */
	readonly checkOf: (id: AdapterId, spec: ModelSpec) => Promise<AdapterCheckRow | undefined>;
	readonly setup: Pick<SetupRepository, 'read'>;
	/** Errors: those of `ModelDirectory.spec`. */
	readonly spec: (choice: EngineChoice) => Promise<ModelSpec>;
	readonly supportOf: (spec: ModelSpec) => AdapterSupport;
	readonly tester: {
		check(use: AdapterUse, spec: ModelSpec, signal: AbortSignal): Promise<AdapterCheckRow>;
	};
	readonly beside: Pick<TryBeside, 'compare'>;
	/** True while an upgrade is working. */
	readonly upgrading: () => boolean;
	readonly feed: Pick<ChangeFeed, 'announce'>;
}

const notHere: AdapterSupport = {
	ok: false,
	reason: 'its files are not on this device',
	instead: 'Download it again on the page Core Engines.'
};
const notHereVerdict: AdapterVerdict = {
	state: 'no',
	reason: 'The chat engine in use is not on this device any more.'
};
const insteadOfRemoving =
	'Switch it off first; what an upgrade needs can be removed when that is over.';

/**
 * The adapters of this device and the chat engine in use. Errors, of all that names one: `adapter/missing`; of all that
 * changes what is on: `adapter/upgrading` while an upgrade is working. Every change is told to the other tabs.
 */
export class Adapters {
	readonly #parts: Parts;

	constructor(parts: Parts) {
		this.#parts = parts;
	}

	/** The newest first. */
	async list(): Promise<ListedAdapter[]> {
		const { work, setup } = this.#parts;
		const record = await activeSetup(setup);
		const spec = await this.#specInUse(record);
		const rows = await work.store.list();
		return Promise.all(rows.map((row) => this.#listed(row, record, spec)));
	}

	/** Whether the chat engine in use takes adapters at all. */
	async engine(): Promise<AdaptedEngine> {
		const record = await activeSetup(this.#parts.setup);
		const spec = await this.#specInUse(record);
		const support = spec ? this.#parts.supportOf(spec) : notHere;
		return { choice: record.current.chat, support };
	}

	/** From now on the user wants it on wherever it fits, or nowhere. No weights are fetched for it. */
	async setOn(id: AdapterId, on: boolean): Promise<void> {
		await this.#changeUse(id, { wanted: on });
	}

	/** From 0 to 2. One that is on has it from the next question on. */
	async setStrength(id: AdapterId, strength: number): Promise<void> {
		await this.#changeUse(id, { strength });
	}

	/**
	 * Tries it with the chat engine in use, at full strength, and keeps what came of it: also that it does not work. One
	 * that is wanted and works is on afterwards. Errors: those of the engine alone; `cancelled`.
	 */
	async check(id: AdapterId, signal: AbortSignal): Promise<AdapterCheckRow> {
		const { tester, setup, spec, upgrading } = this.#parts;
		this.#refuseWhileUpgrading();
		const row = await this.#row(id);
		const model = await spec((await activeSetup(setup)).current.chat);
		const result = await tester.check({ adapter: id, strength: 1 }, model, signal);
		if (result.result === 'works') await this.#tie(row, model);
		await this.#announce({ inLine: !upgrading() });
		return result;
	}

	async rename(id: AdapterId, name: string): Promise<void> {
		await this.#parts.work.store.update(id, { name });
		await this.#announce({ inLine: false });
	}

	/** For good, but for what a backup has of it. Errors: `adapter/in-use` where the setup, the way back or an upgrade needs it. */
	async remove(id: AdapterId): Promise<void> {
		const { work } = this.#parts;
		const { name } = await this.#row(id);
		const users = await work.usersOf(id);
		if (users.length > 0) {
			throw new AppError('adapter/in-use', {
				details: { name, by: users.join(' and '), instead: insteadOfRemoving }
			});
		}
		await work.remove(id);
		await this.#announce({ inLine: false });
	}

	/** A file of it as it came, verified as it is read. Errors, at its end: `adapter/damaged`. */
	file(id: AdapterId, path: string): Promise<ModelFile> {
		return this.#parts.work.store.file(id, path);
	}

	/** The chat engine's answer without and with those adapters; what is on stays as it is. Errors: those of `TryBeside`. */
	async *tryBeside(
		prompt: string,
		adapters: readonly AdapterUse[],
		signal: AbortSignal
	): AsyncGenerator<TryEvent> {
		const { setup, spec, beside } = this.#parts;
		const { current } = await activeSetup(setup);
		const request = { spec: await spec(current.chat), prompt, adapters };
		yield* beside.compare(request, signal);
	}

	async #listed(
		row: AdapterRow,
		{ current }: SetupRecord,
		spec: ModelSpec | null
	): Promise<ListedAdapter> {
		const { work, checkOf, supportOf, upgrading } = this.#parts;
		const verdict = spec ? await work.verdictOf(row, spec) : notHereVerdict;
		const check = (spec && (await checkOf(row.id, spec))) ?? null;
		const on = current.adapters.some(({ adapter }) => adapter === row.id);
		const users = await work.usersOf(row.id);
		const supported = spec === null || supportOf(spec).ok;
		const situation = { row, chat: current.chat, verdict, on, check, supported };
		const state = adapterState({ ...situation, upgrading: upgrading() });
		return { row, verdict, check, users, ...state };
	}

	/** To the first model that it works with, where it was not tied to one for good when it was added. */
	async #tie({ id, base }: AdapterRow, model: ModelSpec): Promise<void> {
		if (base.identity && !base.guessed) return;
		const { store, identityOf } = this.#parts.work;
		const identity = await identityOf(model.id);
		if (!identity) return;
		const { name } = base;
		await store.update(id, { base: { name, identity, model: model.name } });
	}

	async #changeUse(id: AdapterId, changes: AdapterChanges): Promise<void> {
		this.#refuseWhileUpgrading();
		await this.#parts.work.store.update(id, changes);
		await this.#announce({ inLine: true });
	}

	/** What is stored has changed: the setup follows, then every tab. */
	async #announce({ inLine }: { readonly inLine: boolean }): Promise<void> {
		try {
			if (inLine) await this.#parts.work.keeper.bringInLine();
		} finally {
			this.#parts.feed.announce('adapters');
		}
	}

	#refuseWhileUpgrading(): void {
		if (this.#parts.upgrading()) throw new AppError('adapter/upgrading');
	}

	/** Null where its files are gone: then nothing fits it until they are back. */
	async #specInUse({ current }: SetupRecord): Promise<ModelSpec | null> {
		try {
			return await this.#parts.spec(current.chat);
		} catch (error) {
			if (hasCode(error, 'library/not-installed') || hasCode(error, 'remote/not-found'))
				return null;
			throw error;
		}
	}

	async #row(id: AdapterId): Promise<AdapterRow> {
		const row = await this.#parts.work.store.get(id);
		if (!row) throw new AppError('adapter/missing', { details: { name: id.slice(0, 12) } });
		return row;
	}
}
