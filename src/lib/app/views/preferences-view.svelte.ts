import { adapterStore, type AdapterRow } from '../../adapters/adapter-records.ts';
import type { MessageRow } from '../../chat/chat-records.ts';
import type { PreferenceEdit } from '../../chat/preferences/edited-preference.ts';
import { mayBeJudged, PreferenceBook } from '../../chat/preferences/preference-book.ts';
import { pairsOf, unpaired, type PreferencePair } from '../../chat/preferences/preference-pairs.ts';
import type { PreferenceRow } from '../../chat/preferences/preference-records.ts';
import {
	pairsByBase,
	selectPairs,
	type BaseOf,
	type PairFilter,
	type PairsOfBase
} from '../../chat/preferences/select-pairs.ts';
import type { TrlOptions } from '../../chat/preferences/trl-example.ts';
import { trlJudgementLines, trlLines } from '../../chat/preferences/trl-export.ts';
import type { AdapterId, MessageId, ModelId } from '../../core/ids.ts';
import type { EngineChoice } from '../../core/setup.ts';
import type { Clock } from '../../ports/clock.ts';
import type { RecordStore } from '../../ports/record-store.ts';
import type { ChangeFeed } from '../change-feed.ts';
import { shownError, type ShownError } from '../shown-error.ts';

interface Parts {
	readonly records: RecordStore;
	readonly clock: Pick<Clock, 'now'>;
	readonly feed: ChangeFeed;
	/** Whether this tab may write. */
	readonly leads: () => boolean;
	/** For each model one that stands for its base and all copies of it. Absent: each for itself. */
	readonly basesOf?: (engines: readonly EngineChoice[]) => Promise<ReadonlyMap<ModelId, ModelId>>;
}

/** Examples for a trainer. */
export interface ExamplesFile {
	readonly text: string;
	readonly examples: number;
	/** In UTF-8. */
	readonly bytes: number;
}

/** What the user prefers to what: judged below answers, reviewed in the Tuner. Methods never reject: see `error`. */
export class PreferencesView {
	readonly #parts: Parts;
	readonly #book: PreferenceBook;
	#rows = $state.raw<readonly PreferenceRow[] | null>(null);
	#adapters = $state.raw<readonly Pick<AdapterRow, 'id' | 'name'>[]>([]);
	#removed = $state.raw<PreferenceRow | null>(null);
	#error = $state.raw<ShownError | null>(null);
	#bases = $state.raw<ReadonlyMap<ModelId, ModelId> | null>(null);
	#reading: Promise<void> | null = null;

	/** Oldest first. */
	readonly pairs: readonly PreferencePair[] = $derived(pairsOf(this.#rows ?? []));
	/** What is in no pair yet, newest first. */
	readonly unpaired: readonly PreferenceRow[] = $derived(unpaired(this.#rows ?? [], this.pairs));
	/** Whose answers were rejected, the most often first. */
	readonly bases: readonly PairsOfBase[] = $derived(pairsByBase(this.pairs, this.baseOf));

	constructor(parts: Parts) {
		this.#parts = parts;
		this.#book = new PreferenceBook(parts.records, parts.clock);
		parts.feed.on('preferences', () => {
			this.#reading = null;
			void this.read();
		});
	}

	/** Newest first; null until they have been read. */
	get rows(): readonly PreferenceRow[] | null {
		return this.#rows;
	}

	/** What was removed last and can still be put back; null when nothing can. */
	get removed(): PreferenceRow | null {
		return this.#removed;
	}

	/** Why the last wish was not fulfilled; null when it was. */
	get error(): ShownError | null {
		return this.#error;
	}

	/** False in a tab that only follows. */
	get writable(): boolean {
		return this.#parts.leads();
	}

	/** The judgement of that answer; null when there is none. */
	of(answer: MessageId): PreferenceRow | null {
		return this.#rows?.find(({ id }) => id === answer) ?? null;
	}

	mayBeJudged(message: MessageRow): boolean {
		return mayBeJudged(message);
	}

	/** As it is called now; of one that is gone, the beginning of its id. */
	adapterName(id: AdapterId): string {
		return this.#adapters.find((adapter) => adapter.id === id)?.name ?? `${id.slice(0, 8)}…`;
	}

	/** See `BaseOf`; each model for itself until `findBases` has been called. */
	get baseOf(): BaseOf {
		const bases = this.#bases;
		return (model) => bases?.get(model) ?? model;
	}

	/** Finds out which of the engines that were judged, and of these, are copies of the same base. */
	findBases = async (also: readonly EngineChoice[]): Promise<void> => {
		const engines = [...(this.#rows ?? []).map(({ engine }) => engine), ...also];
		try {
			this.#bases = (await this.#parts.basesOf?.(engines)) ?? null;
		} catch (error) {
			this.#error = shownError(error);
		}
	};

	/** Once: changes are followed from then on. */
	read = (): Promise<void> => {
		this.#reading ??= this.#readAll();
		return this.#reading;
	};

	/** All of these resolve with true once it is done, false when `error` says why not. */
	judge = (
		answer: MessageRow,
		before: readonly MessageRow[],
		verdict: 'good' | 'bad'
	): Promise<boolean> => this.#change(() => this.#book.judge(answer, before, verdict));

	rewrite = (answer: MessageRow, before: readonly MessageRow[], text: string): Promise<boolean> =>
		this.#change(() => this.#book.rewrite(answer, before, text));

	takeBack = (id: MessageId): Promise<boolean> => this.#change(() => this.#book.remove(id));

	edit = (id: MessageId, edit: PreferenceEdit): Promise<boolean> =>
		this.#change(() => this.#book.edit(id, edit));

	/** Until the next one it can be put back. */
	remove = (row: PreferenceRow): Promise<boolean> =>
		this.#change(async () => {
			await this.#book.remove(row.id);
			this.#removed = row;
		});

	putBack = (): Promise<boolean> =>
		this.#change(async () => {
			if (this.#removed) await this.#book.restore(this.#removed);
			this.#removed = null;
		});

	/** `judgements`: each answer by itself, those without an opposite too. */
	export(what: 'pairs' | 'judgements', filter: PairFilter, options: TrlOptions): ExamplesFile {
		const oldestFirst = (this.#rows ?? []).toReversed();
		const lines =
			what === 'pairs'
				? trlLines(selectPairs(this.pairs, filter, this.baseOf), options)
				: trlJudgementLines(selectPairs(oldestFirst, filter, this.baseOf), options);
		const text = lines.join('');
		return { text, examples: lines.length, bytes: new TextEncoder().encode(text).length };
	}

	async #readAll(): Promise<void> {
		try {
			const [rows, adapters] = await Promise.all([
				this.#book.list(),
				this.#parts.records.list(adapterStore)
			]);
			[this.#rows, this.#adapters] = [rows, adapters];
		} catch (error) {
			this.#error = shownError(error);
		}
	}

	async #change(wish: () => Promise<void>): Promise<boolean> {
		try {
			await wish();
			this.#error = null;
			// Told to this view too, which reads anew.
			this.#parts.feed.announce('preferences');
		} catch (error) {
			this.#error = shownError(error);
		}
		await this.read();
		return this.#error === null;
	}
}
