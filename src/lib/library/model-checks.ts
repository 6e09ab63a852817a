import { AppError, hasCode } from '../core/errors.ts';
import type { ModelId } from '../core/ids.ts';
import type { BlobStore } from '../ports/blob-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { Locks } from '../ports/locks.ts';
import type { RecordStore } from '../ports/record-store.ts';
import { write } from '../ports/store-write.ts';
import { manifestStore, type ManifestRow } from './library-api.ts';
import type { ModelActivities } from './model-activities.ts';
import type { ModelLibrary, OnBytes } from './model-library.ts';
import { problemOf } from './model-problem.ts';
import type { ModelStore } from './store/model-store.ts';
import { findDamage, findGaps, type DamagedPart } from './store/model-verifier.ts';
import { withdraw } from './store/withdraw.ts';
import type { WantedModels } from './wanted-models.ts';

interface Parts {
	readonly records: RecordStore;
	readonly blobs: BlobStore;
	readonly clock: Clock;
	readonly locks: Locks;
	readonly store: ModelStore;
	readonly wanted: WantedModels;
	readonly activities: ModelActivities;
	readonly install: ModelLibrary['install'];
	/** Runs what decides which files are in use. */
	readonly changing: <T>(work: () => Promise<T>) => Promise<T>;
}

/** Finds what the disk, or the browser, has lost of installed models, and brings it back. */
export class ModelChecks {
	readonly #parts: Parts;
	readonly #running = new Map<ModelId, AbortController>();

	constructor(parts: Parts) {
		this.#parts = parts;
	}

	/** See `ModelLibrary.verify`. */
	async verify(model: ModelId, onBytes: OnBytes, signal: AbortSignal): Promise<number> {
		const stop = new AbortController();
		this.#running.set(model, stop);
		const either = AbortSignal.any([signal, stop.signal]);
		const { locks, activities } = this.#parts;
		try {
			const check = (): Promise<DamagedPart[]> => this.#check(model, onBytes, either);
			const damaged = await locks.hold(`download:${model}`, check, { signal: either });
			if (damaged.length > 0) await this.#repair(model, damaged, onBytes, either);
			return damaged.length;
		} finally {
			if (this.#running.get(model) === stop) this.#running.delete(model);
			activities.end(model);
		}
	}

	/** See `ModelLibrary.audit`. */
	async audit(): Promise<ModelId[]> {
		const { store, blobs, activities } = this.#parts;
		const gaps = await findGaps(blobs, await store.list());
		const models = gaps.length === 0 ? [] : await this.#withdraw(gaps);
		for (const model of models) activities.tell(model);
		return models;
	}

	stop(model: ModelId): void {
		this.#running.get(model)?.abort();
	}

	async #check(model: ModelId, onBytes: OnBytes, signal: AbortSignal): Promise<DamagedPart[]> {
		const { store, blobs, records, clock, activities } = this.#parts;
		const manifest = await store.manifest(model);
		if (!manifest) throw new AppError('library/not-installed', { details: { model } });
		const report = activities.begin(model, 'verifying', onBytes);
		const damaged = await findDamage(blobs, manifest, report, signal);
		const verified: ManifestRow = { ...manifest, verifiedAt: clock.now() };
		if (damaged.length === 0) await records.commit([write.put(manifestStore, verified)]);
		return damaged;
	}

	/** Other models may have the damaged files too: they are brought back as well. */
	async #repair(
		model: ModelId,
		damaged: readonly DamagedPart[],
		onBytes: OnBytes,
		signal: AbortSignal
	): Promise<void> {
		const { install, wanted, activities } = this.#parts;
		const withdrawn = await this.#withdraw(damaged);
		activities.end(model);
		try {
			await install(model, onBytes, signal);
			for (const other of withdrawn) await install(other, () => undefined, signal);
		} catch (cause) {
			if (hasCode(cause, 'cancelled')) throw cause;
			const name = (await wanted.get(model))?.model.spec.name ?? model;
			const what = `${damaged.length} ${damaged.length === 1 ? 'part' : 'parts'} of ${name}`;
			const error = new AppError('storage/corrupt', { details: { what }, cause });
			await wanted.stop(model, problemOf(error));
			throw error;
		}
	}

	#withdraw(damaged: readonly DamagedPart[]): Promise<ModelId[]> {
		return this.#parts.changing(() => withdraw(this.#parts, damaged));
	}
}
