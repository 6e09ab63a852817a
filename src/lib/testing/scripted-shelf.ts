import { adapterCheckStore, type AdapterCheckRow } from '../adapters/adapter-records.ts';
import { AppError } from '../core/errors.ts';
import type { AdapterId } from '../core/ids.ts';
import type { ModelSpec } from '../core/model-spec.ts';
import type { AdapterUse } from '../core/setup.ts';
import type { AdapterShelf } from '../migration/migration-ports.ts';
import type { Clock } from '../ports/clock.ts';
import type { RecordStore } from '../ports/record-store.ts';
import { write } from '../ports/store-write.ts';

export interface ShelfScript {
	/** What comes of trying an adapter; it may wait, or throw. Default: it works. */
	readonly outcome?: (
		use: AdapterUse,
		spec: ModelSpec
	) => AdapterCheckRow['result'] | Promise<AdapterCheckRow['result']>;
	readonly damaged?: readonly AdapterId[];
}

/** A shelf whose adapters work, unless the script says otherwise. Keeps its results like the real one. */
export class ScriptedShelf implements AdapterShelf {
	readonly tried: AdapterUse[] = [];
	readonly verified: AdapterId[] = [];
	readonly #records: RecordStore;
	readonly #clock: Pick<Clock, 'now'>;
	readonly #script: ShelfScript;

	constructor(records: RecordStore, clock: Pick<Clock, 'now'>, script: ShelfScript = {}) {
		this.#records = records;
		this.#clock = clock;
		this.#script = script;
	}

	damaged(adapters: readonly AdapterId[], signal: AbortSignal): Promise<readonly AdapterId[]> {
		if (signal.aborted) return Promise.reject(new AppError('cancelled'));
		this.verified.push(...adapters);
		return Promise.resolve(adapters.filter((id) => this.#script.damaged?.includes(id)));
	}

	async check(use: AdapterUse, spec: ModelSpec, signal: AbortSignal): Promise<AdapterCheckRow> {
		const row = await this.trial(use, spec, signal);
		await this.#records.commit([write.put(adapterCheckStore, row)]);
		return row;
	}

	async trial(use: AdapterUse, spec: ModelSpec, signal: AbortSignal): Promise<AdapterCheckRow> {
		this.tried.push(use);
		const result = (await this.#script.outcome?.(use, spec)) ?? 'works';
		if (signal.aborted) throw new AppError('cancelled');
		const reason = {
			...{ works: 'It works.', same: 'It changes nothing.', failed: 'It does not fit.' },
			untried: 'It could not be tried.'
		};
		return {
			...{ adapter: use.adapter, model: spec.id, at: this.#clock.now() },
			...{ result, reason: reason[result], matched: result === 'failed' ? 0 : 2, of: 2 }
		};
	}
}
