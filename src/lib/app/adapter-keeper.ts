import { adapterStore, type AdapterRow } from '../adapters/adapter-records.ts';
import type { AdapterVerdict } from '../adapters/adapter-verdict.ts';
import { throwIfAborted } from '../core/abort.ts';
import { hasCode } from '../core/errors.ts';
import type { ModelSpec } from '../core/model-spec.ts';
import { SerialQueue } from '../core/serial-queue.ts';
import type { AdapterUse, EngineChoice, Setup, SetupRecord } from '../core/setup.ts';
import { readJournal } from '../migration/journal-state.ts';
import type { MigrationJournal } from '../migration/journal.ts';
import { sameSetup } from '../migration/same-setup.ts';
import type { SetupRepository } from '../migration/setup-repository.ts';
import type { RecordStore } from '../ports/record-store.ts';

/** An adapter that is on now and was not before, or the other way round. */
export interface AdapterChange {
	readonly name: string;
	readonly on: boolean;
	/** A whole sentence for people. */
	readonly reason: string;
}

interface Parts {
	readonly records: RecordStore;
	readonly setup: Pick<SetupRepository, 'read' | 'replace'>;
	readonly journal: Pick<MigrationJournal, 'unfinished' | 'read'>;
	/** Errors: `library/not-installed`. */
	readonly spec: (choice: EngineChoice) => Promise<ModelSpec>;
	readonly verdictOf: (row: AdapterRow, spec: ModelSpec) => Promise<AdapterVerdict>;
}

interface Judged {
	readonly row: AdapterRow;
	readonly verdict: AdapterVerdict;
}

/** Another write of the setup may come in between that often. */
const attempts = 3;

/**
 * Keeps the adapters that are on in line with what is wanted and what fits the chat engine in use: so they come back by
 * themselves on an undo, or when an engine of their base is in use again.
 */
export class AdapterKeeper {
	readonly #parts: Parts;
	readonly #queue = new SerialQueue();

	constructor(parts: Parts) {
		this.#parts = parts;
	}

	/**
	 * Turns on what is wanted and fits, with its strength, and turns off all else, in one write of the setup. Does nothing
	 * while an upgrade has yet to switch: it has planned with the adapters that are on. The setup before a trial stays as it
	 * was. Resolves with what is on or off since `before`, which is by default what was in use until now.
	 */
	bringInLine(signal?: AbortSignal, before: Setup | null = null): Promise<AdapterChange[]> {
		return this.#queue.add(async () => {
			for (let attempt = 1; ; attempt++) {
				throwIfAborted(signal);
				try {
					return await this.#bringInLine(before, signal);
				} catch (error) {
					if (attempt === attempts || !hasCode(error, 'storage/conflict')) throw error;
				}
			}
		});
	}

	async #bringInLine(before: Setup | null, signal?: AbortSignal): Promise<AdapterChange[]> {
		const { records, setup } = this.#parts;
		const record = await setup.read();
		if (!record) return [];
		const { current } = record;
		const judged = await this.#judge(await records.list(adapterStore), current.chat);
		throwIfAborted(signal);
		const next = { ...current, adapters: judged ? usesOf(judged) : current.adapters };
		const stays = sameSetup(current, next) || (await this.#isPlannedWith(record));
		if (!stays) await setup.replace(record.sequence, next);
		const now = stays ? current.adapters : next.adapters;
		return changesBetween((before ?? current).adapters, now, judged ?? []);
	}

	/** Null where nobody can tell, because the model of the chat engine is gone. */
	async #judge(rows: readonly AdapterRow[], chat: EngineChoice): Promise<Judged[] | null> {
		const { spec, verdictOf } = this.#parts;
		try {
			const model = await spec(chat);
			const judge = async (row: AdapterRow): Promise<Judged> => ({
				row,
				verdict: await verdictOf(row, model)
			});
			return await Promise.all(rows.map(judge));
		} catch (error) {
			if (hasCode(error, 'library/not-installed')) return null;
			throw error;
		}
	}

	/** Whether an upgrade counts on the setup staying as it is. Once it has switched, or goes back, none does. */
	async #isPlannedWith({ trial }: SetupRecord): Promise<boolean> {
		const { journal } = this.#parts;
		const planId = await journal.unfinished();
		if (planId === null || trial) return false;
		const { rollback, kept } = readJournal(await journal.read(planId));
		return rollback === null && !kept;
	}
}

function usesOf(judged: readonly Judged[]): AdapterUse[] {
	return judged
		.filter(({ row, verdict }) => row.wanted && verdict.state === 'fits')
		.map(({ row }) => ({ adapter: row.id, strength: row.strength }));
}

function changesBetween(
	before: readonly AdapterUse[],
	now: readonly AdapterUse[],
	judged: readonly Judged[]
): AdapterChange[] {
	const isIn = (uses: readonly AdapterUse[], { row }: Judged): boolean =>
		uses.some(({ adapter }) => adapter === row.id);
	return judged
		.filter((each) => isIn(before, each) !== isIn(now, each))
		.map((each) => ({
			name: each.row.name,
			on: isIn(now, each),
			reason: each.verdict.reason
		}));
}
