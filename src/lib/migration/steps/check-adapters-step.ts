import { adapterCheckStore, type AdapterCheckRow } from '../../adapters/adapter-records.ts';
import { throwIfAborted } from '../../core/abort.ts';
import { AppError, toAppError } from '../../core/errors.ts';
import type { AdapterId } from '../../core/ids.ts';
import type { Json } from '../../core/json.ts';
import type { Clock } from '../../ports/clock.ts';
import type { RecordStore } from '../../ports/record-store.ts';
import { write } from '../../ports/store-write.ts';
import type { AdapterShelf } from '../migration-ports.ts';
import type { MigrationStep, StepRun } from '../migration-step.ts';
import type { StepParams } from '../plan.ts';

export interface CheckAdaptersDeps {
	readonly adapters: AdapterShelf;
	readonly records: RecordStore;
	readonly clock: Clock;
	/** Resolves when the user's own questions are answered: they go first. */
	readonly whenIdle: (signal: AbortSignal) => Promise<void>;
}

type Params = StepParams['check-adapters'];
type PlannedAdapter = Params['adapters'][number];
type Found = Pick<AdapterCheckRow, 'adapter' | 'result' | 'reason'>;

/** What the step has found, by the names of the adapters. */
export interface AdapterFindings {
	readonly works: readonly string[];
	readonly same: readonly string[];
	readonly failed: readonly Told[];
	/** The model failed without them, too, or SAM was ended each time: nothing is known of them. Absent where there are none. */
	readonly untried?: readonly Told[];
}

type Told = Readonly<Record<'name' | 'reason', string>>;

interface Checkpoint {
	/** Null until the stored bytes of all have been read. */
	readonly damaged: readonly AdapterId[] | null;
	/** How often each was begun to be tried. */
	readonly tries: Readonly<Record<AdapterId, number>>;
	readonly found: readonly Found[];
}

/** What ends the tab that often is not tried again, nor what the model has failed in as often. */
const maxTries = 2;

/**
 * Verifies the stored bytes of the adapters and tries each with the new chat engine. What comes of it is kept, and no
 * adapter stops the upgrade: one that fails is named, with the reason. Where the engine fails without the adapter, that is
 * tried once more after the others, and then waits for the user to check it. Errors: those of the storage; `cancelled`.
 */
export function checkAdaptersStep(deps: CheckAdaptersDeps): MigrationStep<'check-adapters'> {
	return {
		async do(params, run) {
			const check = new AdapterTrial(deps, params, run);
			await check.verifyBytes();
			for (let round = 1; round <= maxTries; round++)
				for (const planned of params.adapters) await check.try(planned);
		},

		verify({ adapters }, { checkpoint }) {
			const { found } = readCheckpoint(checkpoint);
			const all = adapters.map(({ use, name }) => {
				const own = found.find(({ adapter }) => adapter === use.adapter);
				return own && { ...own, name };
			});
			const checked = all.filter((each) => each !== undefined);
			if (checked.length < all.length) return Promise.resolve({ done: false });
			return Promise.resolve({ done: true, result: resultOf(checked) });
		},

		async undo() {
			// What was found out stays true.
		}
	};
}

class AdapterTrial {
	readonly #deps: CheckAdaptersDeps;
	readonly #params: Params;
	readonly #run: StepRun;
	#at: Checkpoint;

	constructor(deps: CheckAdaptersDeps, params: Params, run: StepRun) {
		this.#deps = deps;
		this.#params = params;
		this.#run = run;
		this.#at = readCheckpoint(run.checkpoint);
	}

	async verifyBytes(): Promise<void> {
		if (this.#at.damaged) return;
		const ids = this.#params.adapters.map(({ use }) => use.adapter);
		const damaged = await this.#deps.adapters.damaged(ids, this.#run.signal);
		throwIfAborted(this.#run.signal);
		await this.#save({ damaged });
	}

	async try(planned: PlannedAdapter): Promise<void> {
		const { adapter } = planned.use;
		this.#run.progress(this.#at.found.length, this.#params.adapters.length);
		if (this.#at.found.some((each) => each.adapter === adapter)) return;
		const row = (await this.#earlier(adapter)) ?? (await this.#check(planned));
		if (row) await this.#save({ found: [...this.#at.found, foundIn(row)] }, row);
	}

	/** What came of it since the upgrade was planned, also where the tab ended before it was journaled. */
	async #earlier(adapter: AdapterId): Promise<AdapterCheckRow | null> {
		const { records, clock } = this.#deps;
		const row = await records.get(adapterCheckStore, [adapter, this.#params.spec.id]);
		// One of a day that is yet to come was made while the clock was wrong, nobody knows when.
		const isOfThis = row && row.at > this.#run.plan.createdAt && row.at <= clock.now();
		return isOfThis ? row : null;
	}

	/** Null where the model has failed without it: it is tried once more. */
	async #check({ use, name }: PlannedAdapter): Promise<AdapterCheckRow | null> {
		const { adapter } = use;
		const { signal } = this.#run;
		if (this.#at.damaged?.includes(adapter)) {
			return this.#failed(adapter, new AppError('adapter/damaged', { details: { name } }).message);
		}
		const before = this.#at.tries[adapter] ?? 0;
		if (before >= maxTries) {
			// A tab that is closed ends a try as one that crashes does: nobody knows which it was.
			return this.#untried(adapter, 'it began to twice, and SAM came to an end.');
		}
		const count = (tries: number): Promise<void> =>
			this.#save({ tries: { ...this.#at.tries, [adapter]: tries } });
		await this.#deps.whenIdle(signal);
		throwIfAborted(signal);
		await count(before + 1);
		try {
			throwIfAborted(signal);
			return await this.#deps.adapters.check(use, this.#params.spec, signal);
		} catch (error) {
			// The user has paused it, or another tab goes on: the adapter has ended nothing.
			if (signal.aborted) await count(before);
			throwIfAborted(signal);
			const { code, message } = toAppError(error, 'engine/generate-failed');
			// A full disk pauses the upgrade.
			if (code.startsWith('storage/')) throw error;
			if (code.startsWith('adapter/')) return this.#failed(adapter, message);
			const why = `${this.#params.spec.name} failed without it, too. ${message}`;
			return before + 1 < maxTries ? null : this.#untried(adapter, why);
		}
	}

	#failed(adapter: AdapterId, reason: string): AdapterCheckRow {
		return this.#row(adapter, { result: 'failed', reason });
	}

	/** `why`: a clause, with its full stop. */
	#untried(adapter: AdapterId, why: string): AdapterCheckRow {
		const reason = `The upgrade could not try it: ${why} Check it in the Tuner; when it works and is wanted, it comes on.`;
		return this.#row(adapter, { result: 'untried', reason });
	}

	#row(adapter: AdapterId, found: Pick<AdapterCheckRow, 'result' | 'reason'>): AdapterCheckRow {
		const { clock } = this.#deps;
		const model = this.#params.spec.id;
		return { adapter, model, at: clock.now(), ...found, matched: 0, of: 0 };
	}

	async #save(parts: Partial<Checkpoint>, row?: AdapterCheckRow): Promise<void> {
		this.#at = { ...this.#at, ...parts };
		const alongside = row ? [write.put(adapterCheckStore, row)] : [];
		await this.#run.save(this.#at as unknown as Json, alongside);
	}
}

function foundIn({ adapter, result, reason }: AdapterCheckRow): Found {
	return { adapter, result, reason };
}

function readCheckpoint(checkpoint: Json | undefined): Checkpoint {
	const nothing: Checkpoint = { damaged: null, tries: {}, found: [] };
	return (checkpoint as unknown as Checkpoint | undefined) ?? nothing;
}

function resultOf(all: readonly (Found & { readonly name: string })[]): Json & AdapterFindings {
	const named = (result: Found['result']): string[] =>
		all.filter((each) => each.result === result).map(({ name }) => name);
	const told = (wanted: Found['result']): Told[] =>
		all.filter(({ result }) => result === wanted).map(({ name, reason }) => ({ name, reason }));
	const untried = told('untried');
	return {
		works: named('works'),
		same: named('same'),
		failed: told('failed'),
		...(untried.length > 0 && { untried })
	};
}
