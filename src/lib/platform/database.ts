import { openDB, type IDBPDatabase } from 'idb';
import { AppError } from '../core/errors.ts';
import { schemaSteps, type SchemaStep } from './database-schema.ts';
import { translateStorageError } from './translate-storage-error.ts';

/** Why the browser or another tab took the connection away. */
export type ConnectionLoss = 'newer-version' | 'deleted' | 'terminated';

export interface DatabaseOptions {
	/** Default `sam`. */
	readonly name?: string;
	readonly steps?: readonly SchemaStep[];
}

/**
 * The one connection to IndexedDB, opened at first use and shared. It gives way at once to a tab with a newer version
 * of SAM; `open` then rejects with `storage/version-newer`.
 */
export class Database {
	readonly #name: string;
	readonly #steps: readonly SchemaStep[];
	readonly #listeners = new Set<(loss: ConnectionLoss) => void>();
	#connection: Promise<IDBPDatabase> | undefined;

	constructor(options: DatabaseOptions = {}) {
		this.#name = options.name ?? 'sam';
		this.#steps = options.steps ?? schemaSteps;
	}

	/** Errors: `storage/version-newer` (which is a loss, too), `storage/blocked`, `storage/unavailable`, `storage/quota`. A failed open may be tried again. */
	open(): Promise<IDBPDatabase> {
		this.#connection ??= this.#connect().catch((error: unknown) => {
			this.#connection = undefined;
			const translated = translateStorageError(error);
			if (translated.code === 'storage/version-newer') this.#lose('newer-version');
			throw translated;
		});
		return this.#connection;
	}

	/** Closes once running transactions are done. The next `open` connects anew. */
	async close(): Promise<void> {
		const connection = this.#connection;
		this.#connection = undefined;
		const db = await connection?.catch(() => undefined);
		db?.close();
	}

	/** Tells when the connection is lost. Returns the function that stops listening. */
	onLoss(listener: (loss: ConnectionLoss) => void): () => void {
		this.#listeners.add(listener);
		return () => void this.#listeners.delete(listener);
	}

	async #connect(): Promise<IDBPDatabase> {
		const blocked = Promise.withResolvers<never>();
		const opened = openDB(this.#name, this.#steps.length, {
			upgrade: (db, oldVersion, _newVersion, transaction) => {
				for (const step of this.#steps) if (step.to > oldVersion) step.apply(db, transaction);
			},
			blocked: () => blocked.reject(new AppError('storage/blocked')),
			blocking: (_version, wanted, event) => {
				(event.target as IDBDatabase).close();
				this.#lose(wanted === null ? 'deleted' : 'newer-version');
			},
			terminated: () => this.#lose('terminated')
		});
		try {
			return await Promise.race([opened, blocked.promise]);
		} catch (error) {
			// A blocked request stays in the queue; when its turn comes after all, nobody waits for it any more.
			opened.then(
				(db) => db.close(),
				() => undefined
			);
			throw error;
		}
	}

	#lose(loss: ConnectionLoss): void {
		this.#connection = undefined;
		for (const listener of [...this.#listeners]) listener(loss);
	}
}
