import { formatBytes } from '../core/bytes.ts';
import type { KnowledgeApi } from '../knowledge/knowledge-api.ts';
import { indexStore } from '../knowledge/knowledge-records.ts';
import type { ModelLibrary } from '../library/model-library.ts';
import { collectGarbage } from '../migration/collect-garbage.ts';
import type { MigrationJournal } from '../migration/journal.ts';
import type { SetupRepository } from '../migration/setup-repository.ts';
import type { Clock } from '../ports/clock.ts';
import type { RecordStore } from '../ports/record-store.ts';
import { write } from '../ports/store-write.ts';
import type { IndexKeeper, KeptIndex } from './index-keeper.ts';
import { settingsStore } from './settings-record.ts';

interface Parts {
	readonly setup: SetupRepository;
	readonly journal: MigrationJournal;
	readonly records: RecordStore;
	readonly clock: Clock;
	readonly knowledge: Pick<KnowledgeApi, 'collectGarbage' | 'retireIndex'>;
	readonly library: Pick<ModelLibrary, 'collectOrphans'>;
	/** The date to go by, epoch milliseconds. */
	readonly today: () => Promise<number>;
	readonly keeper: Pick<IndexKeeper, 'list'>;
	/** Deletes the bytes of removed adapters that no backup names any more. Resolves with how many those were. */
	readonly collectParts: () => Promise<number>;
}

/** Deletes what nobody needs and whose time is over, and tells of it. */
export class Garbage {
	readonly #parts: Parts;

	constructor(parts: Parts) {
		this.#parts = parts;
	}

	/** Resolves with what was freed, in a sentence that is also kept; null when there was nothing to speak of. */
	async collect(): Promise<string | null> {
		const { setup, journal, records, clock, knowledge, library, keeper } = this.#parts;
		const kept = await keeper.list();
		const today = await this.#parts.today();
		const { indexes, bytes } = await collectGarbage({
			...{ setup, journal, records, knowledge, clock: { now: () => today } },
			indexes: () => records.list(indexStore)
		});
		await library.collectOrphans();
		const ofAdapters = await this.#parts.collectParts();
		if (indexes.length === 0 && ofAdapters === 0) return null;
		const gone = kept.filter(({ id }) => indexes.includes(id));
		const text = [
			...(indexes.length > 0 ? [textOf(bytes, gone)] : []),
			...(ofAdapters > 0 ? [`Freed ${formatBytes(ofAdapters)}: files of removed adapters.`] : [])
		].join(' ');
		const value = { at: clock.now(), bytes: bytes + ofAdapters, text };
		await records.commit([write.put(settingsStore, { name: 'lastCollection', value })]);
		return value.text;
	}
}

function textOf(bytes: number, gone: readonly KeptIndex[]): string {
	const freed = `Freed ${formatBytes(bytes)}`;
	const [first, ...others] = gone;
	if (!first) return `${freed}: indexes that nothing uses any more.`;
	const until = (index: KeptIndex): string =>
		new Date(index.deleteAfter).toLocaleDateString('en', { dateStyle: 'long' });
	const rest = others.map((index) => ` That of ${index.name}, until ${until(index)}.`).join('');
	return `${freed}: the index of ${first.name} was kept until ${until(first)}.${rest}`;
}
