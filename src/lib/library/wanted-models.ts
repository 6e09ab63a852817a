import type { ModelId } from '../core/ids.ts';
import type { Clock } from '../ports/clock.ts';
import type { RecordStore } from '../ports/record-store.ts';
import { write } from '../ports/store-write.ts';
import type { FrozenModel } from './frozen-model.ts';
import { wantedStore, type ModelProblem, type WantedRow } from './library-api.ts';

interface Parts {
	readonly records: RecordStore;
	readonly clock: Clock;
}

/** The models that are frozen but not installed, and the queue of their downloads. Survives the end of the tab. */
export class WantedModels {
	readonly #records: RecordStore;
	readonly #clock: Clock;

	constructor({ records, clock }: Parts) {
		this.#records = records;
		this.#clock = clock;
	}

	get(id: ModelId): Promise<WantedRow | undefined> {
		return this.#records.get(wantedStore, id);
	}

	list(): Promise<WantedRow[]> {
		return this.#records.list(wantedStore);
	}

	/** Rows whose download has been asked for, in their order. */
	async queue(): Promise<WantedRow[]> {
		const rows = (await this.list()).filter(({ place }) => place !== null);
		return rows.sort((a, b) => (a.place ?? 0) - (b.place ?? 0));
	}

	/** Remembers what was frozen. A row that is there stays as it is. */
	async keep(model: FrozenModel): Promise<void> {
		if (await this.get(model.spec.id)) return;
		await this.#put({
			id: model.spec.id,
			model,
			frozenAt: this.#clock.now(),
			place: null,
			paused: false,
			damagedBytes: 0,
			error: null
		});
	}

	/** Asks for the download: at the end of the queue, or where it stands already. */
	async ask(model: FrozenModel): Promise<void> {
		await this.keep(model);
		const row = await this.get(model.spec.id);
		const last = (await this.queue()).at(-1)?.place ?? 0;
		if (row) await this.#put({ ...row, place: row.place ?? last + 1, paused: false, error: null });
	}

	/** It goes on only when it is asked for again. `error` says why it stopped; null when the user wished it. */
	async stop(id: ModelId, error: ModelProblem | null): Promise<void> {
		const row = await this.get(id);
		if (row) await this.#put({ ...row, paused: true, error });
	}

	/** Changes places with its neighbour in the queue. */
	async move(id: ModelId, where: 'earlier' | 'later'): Promise<void> {
		const queue = (await this.queue()).filter(({ paused }) => !paused);
		const at = queue.findIndex((row) => row.id === id);
		const row = queue[at];
		const other = queue[where === 'earlier' ? at - 1 : at + 1];
		if (at < 0 || !row || !other) return;
		await this.#records.commit([
			write.put(wantedStore, { ...row, place: other.place }),
			write.put(wantedStore, { ...other, place: row.place })
		]);
	}

	#put(row: WantedRow): Promise<void> {
		return this.#records.commit([write.put(wantedStore, row)]);
	}
}
