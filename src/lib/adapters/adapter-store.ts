import { throwIfAborted } from '../core/abort.ts';
import { AppError, hasCode } from '../core/errors.ts';
import type { AdapterId, Sha256 } from '../core/ids.ts';
import { plainText } from '../core/plain-text.ts';
import { SerialQueue } from '../core/serial-queue.ts';
import type { Clock } from '../ports/clock.ts';
import type { HasherFactory } from '../ports/hasher.ts';
import type { Locks } from '../ports/locks.ts';
import type { RecordStore } from '../ports/record-store.ts';
import { write } from '../ports/store-write.ts';
import { adapterIdOf } from './adapter-id.ts';
import { AdapterPartShelf } from './adapter-part-shelf.ts';
import { failedChecks } from './failed-checks.ts';
import {
	adapterCheckStore,
	adapterStore,
	maxAdapterText,
	type AdapterBase,
	type AdapterRow
} from './adapter-records.ts';
import { filesFrom, holdFiles, type HeldFile } from './held-files.ts';
import type { LoraModule } from './lora-module.ts';
import type { ModelFile, ModelFiles } from './model-files.ts';
import { adapterFolder } from './peft/adapter-folder.ts';
import { findPeftFiles } from './peft/find-peft-files.ts';
import { inspectPeft } from './peft/inspect-peft.ts';
import { readPeft } from './peft/read-peft.ts';
import { storedAdapterFiles } from './stored-adapter-files.ts';

interface Parts {
	readonly records: RecordStore;
	readonly clock: Clock;
	readonly hashers: HasherFactory;
	/** Needed where several tabs may write. */
	readonly locks?: Locks;
}

/** What is told of an adapter that is added. */
export interface NewAdapter {
	/** Of the user's choice. */
	readonly name: string;
	/** Where it came from, for people. */
	readonly source: string;
	/** The model that it is tied to, where one is known. */
	readonly base: Omit<AdapterBase, 'name'> | null;
}

/** The files that stay though no adapter names them. Asked when nobody else writes any more. */
export type FilesToKeep = () => Promise<ReadonlySet<Sha256>>;

export type AdapterChanges = Partial<Pick<AdapterRow, 'name' | 'wanted' | 'strength' | 'base'>>;

/**
 * The LoRA adapters of this device. An adapter is there whole or not at all: its files are read, checked and stored
 * before the one write that makes it visible. Storage errors pass through.
 */
export class AdapterStore {
	readonly #parts: Parts;
	readonly #shelf: AdapterPartShelf;
	readonly #writes = new SerialQueue();

	constructor(parts: Parts) {
		this.#parts = parts;
		this.#shelf = new AdapterPartShelf(parts.records);
	}

	/**
	 * Adds an adapter that PEFT saved, not wanted yet. One that is here already, but damaged, is put right and stays as it
	 * was. Errors: those of `readPeft`, `adapter/duplicate`.
	 */
	async add(files: ModelFiles, about: NewAdapter, signal: AbortSignal): Promise<AdapterRow> {
		const folder = adapterFolder(files);
		const { paths } = await findPeftFiles(folder);
		const held = await holdFiles(folder, paths, this.#parts.hashers, signal);
		const facts = await inspectPeft(filesFrom(held), signal);
		const stored = held.map((file) => file.facts);
		const row: AdapterRow = {
			id: await adapterIdOf(stored),
			name: plainText(about.name).slice(0, maxAdapterText),
			addedAt: this.#parts.clock.now(),
			source: plainText(about.source).slice(0, maxAdapterText),
			base: {
				name: facts.baseName,
				identity: about.base?.identity ?? null,
				model: about.base?.model ?? null,
				...(about.base?.guessed && { guessed: true })
			},
			rank: facts.rank,
			modules: facts.modules,
			isZero: facts.isZero,
			files: stored,
			bytes: stored.reduce((sum, { bytes }) => sum + bytes, 0),
			wanted: false,
			strength: 1
		};
		return this.#alone(async () => {
			const there = await this.get(row.id);
			if (there && (await this.isIntact(row.id, signal)))
				throw new AppError('adapter/duplicate', { details: { name: there.name } });
			return this.#write(there ?? row, held, signal);
		});
	}

	/** The newest first. */
	async list(): Promise<AdapterRow[]> {
		const rows = await this.#parts.records.list(adapterStore);
		return rows.sort((a, b) => b.addedAt - a.addedAt || (a.id < b.id ? -1 : 1));
	}

	get(id: AdapterId): Promise<AdapterRow | undefined> {
		return this.#parts.records.get(adapterStore, id);
	}

	/** Errors: `adapter/missing`. */
	update(id: AdapterId, changes: AdapterChanges): Promise<AdapterRow> {
		return this.#alone(async () => {
			const row = await this.#existing(id);
			const strength = checkedStrength(changes.strength ?? row.strength);
			const name = plainText(changes.name ?? row.name).slice(0, maxAdapterText);
			const changed = { ...row, ...changes, name, strength };
			await this.#parts.records.commit([write.put(adapterStore, changed)]);
			return changed;
		});
	}

	/**
	 * Removes an adapter with its checks, and its files but those to keep and those that another adapter has too. Removing
	 * what is not there is no error.
	 */
	remove(id: AdapterId, toKeep: FilesToKeep): Promise<void> {
		return this.#alone(async () => {
			const rows = await this.list();
			const gone = rows.filter((row) => row.id === id).flatMap((row) => row.files);
			const others = filesOf(rows.filter((row) => row.id !== id));
			const needed = new Set([...(await toKeep()), ...others]);
			await this.#parts.records.commit(
				[
					write.delete(adapterStore, id),
					write.deletePrefix(adapterCheckStore, [id]),
					...this.#shelf.removal(gone.map(({ sha256 }) => sha256).filter((sha) => !needed.has(sha)))
				],
				{ durability: 'strict' }
			);
		});
	}

	/** Reads an adapter to be applied; every byte is hashed again. Errors: `adapter/missing`, `adapter/damaged`. */
	async open(id: AdapterId, signal: AbortSignal): Promise<readonly LoraModule[]> {
		const row = await this.#existing(id);
		try {
			return (await readPeft(storedAdapterFiles(this.#parts, row), signal)).modules;
		} catch (error) {
			// What was added could be read: where damage makes no sense, it is told as what it is.
			if (isRefusal(error) && !(await this.isIntact(id, signal)))
				throw new AppError('adapter/damaged', { details: { name: row.name }, cause: error });
			throw error;
		}
	}

	/** Whether every byte of it is what was added; false where it is not there. */
	async isIntact(id: AdapterId, signal: AbortSignal): Promise<boolean> {
		const row = await this.get(id);
		if (!row) return false;
		const files = storedAdapterFiles(this.#parts, row);
		try {
			for (const path of files.paths) await readToEnd((await files.open(path))?.body, signal);
			return true;
		} catch (error) {
			if (hasCode(error, 'adapter/damaged')) return false;
			throw error;
		}
	}

	/**
	 * Whether bytes of it are not what was added; false where it is not there. Nobody writes while they are read: what
	 * another tab removes or puts right meanwhile is not damage.
	 */
	isDamaged(id: AdapterId, signal: AbortSignal): Promise<boolean> {
		return this.#alone(async () => {
			throwIfAborted(signal);
			return (await this.get(id)) !== undefined && !(await this.isIntact(id, signal));
		});
	}

	/** A file of an adapter, checked as it is read. Errors: `adapter/missing`; `adapter/damaged` before its end. */
	async file(id: AdapterId, path: string): Promise<ModelFile> {
		const row = await this.#existing(id);
		const file = await storedAdapterFiles(this.#parts, row).open(path);
		if (!file) throw new AppError('adapter/missing', { details: { name: row.name } });
		return file;
	}

	/** Deletes parts of files that no adapter names and that are not to be kept. Resolves with the bytes given back. */
	collectParts(toKeep: FilesToKeep): Promise<number> {
		return this.#alone(async () => {
			const needed = new Set([...(await toKeep()), ...filesOf(await this.list())]);
			return this.#shelf.collect(needed);
		});
	}

	/** One write after the other, of all tabs: no part is collected between its own write and that of its row. */
	#alone<T>(work: () => Promise<T>): Promise<T> {
		const { locks } = this.#parts;
		return this.#writes.add(() => (locks ? locks.hold('adapters', work) : work()));
	}

	async #write(
		row: AdapterRow,
		held: readonly HeldFile[],
		signal: AbortSignal
	): Promise<AdapterRow> {
		const { records } = this.#parts;
		// Where it was damaged, it may work now.
		const outdated = await failedChecks(records, row.id);
		await this.#shelf.fill(held, signal, () =>
			records.commit([write.put(adapterStore, row), ...outdated], { durability: 'strict' })
		);
		return row;
	}

	async #existing(id: AdapterId): Promise<AdapterRow> {
		const row = await this.get(id);
		if (!row) throw new AppError('adapter/missing', { details: { name: id.slice(0, 12) } });
		return row;
	}
}

function filesOf(rows: readonly AdapterRow[]): Sha256[] {
	return rows.flatMap(({ files }) => files.map(({ sha256 }) => sha256));
}

function checkedStrength(strength: number): number {
	return Number.isFinite(strength) ? Math.min(2, Math.max(0, strength)) : 1;
}

/** What `readPeft` says of files that are no adapter. */
function isRefusal(error: unknown): boolean {
	return (
		error instanceof AppError &&
		error.code.startsWith('adapter/') &&
		error.code !== 'adapter/damaged'
	);
}

async function readToEnd(
	stream: ReadableStream<Uint8Array<ArrayBuffer>> | undefined,
	signal: AbortSignal
): Promise<void> {
	const reader = stream?.getReader();
	while (reader && !(await reader.read()).done) throwIfAborted(signal);
}
