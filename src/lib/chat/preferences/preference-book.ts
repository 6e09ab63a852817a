import { AppError } from '../../core/errors.ts';
import type { MessageId } from '../../core/ids.ts';
import type { Clock } from '../../ports/clock.ts';
import type { RecordStore } from '../../ports/record-store.ts';
import { write } from '../../ports/store-write.ts';
import type { MessageRow } from '../chat-records.ts';
import { editedPreference, type PreferenceEdit } from './edited-preference.ts';
import { judgedPrompt } from './judged-prompt.ts';
import { pairsOf, type PreferencePair } from './preference-pairs.ts';
import { preferenceStore, type PreferenceRow } from './preference-records.ts';

/** What the user preferred to what. Errors of all methods: those of `RecordStore`. */
export class PreferenceBook {
	readonly #records: RecordStore;
	readonly #clock: Pick<Clock, 'now'>;

	constructor(records: RecordStore, clock: Pick<Clock, 'now'>) {
		this.#records = records;
		this.#clock = clock;
	}

	/** Newest first. */
	async list(): Promise<PreferenceRow[]> {
		const rows = await this.#records.list(preferenceStore);
		return rows.sort((a, b) => b.at - a.at || (a.id < b.id ? -1 : 1));
	}

	/** See `pairsOf`. */
	async pairs(): Promise<PreferencePair[]> {
		return pairsOf(await this.list());
	}

	/**
	 * Half of a pair: the answer is what was chosen, or what was rejected. In place of an earlier judgement, whatever has
	 * been written into that. `before`: the messages of its chat that stand before it.
	 * Errors: `bug` for an answer that may not be judged; see `mayBeJudged`.
	 */
	async judge(
		answer: MessageRow,
		before: readonly MessageRow[],
		verdict: 'good' | 'bad'
	): Promise<void> {
		const { text } = answer;
		const halves =
			verdict === 'good' ? { chosen: text, rejected: null } : { chosen: null, rejected: text };
		await this.#put({ ...this.#about(answer, before), ...halves, verdict });
	}

	/** A whole pair: `text` is what the answer should have been. An empty text, or the answer's own, is ignored. */
	async rewrite(answer: MessageRow, before: readonly MessageRow[], text: string): Promise<void> {
		const chosen = text.trim();
		if (!chosen || chosen === answer.text.trim()) return;
		const halves = { chosen, rejected: answer.text };
		await this.#put({ ...this.#about(answer, before), ...halves, verdict: 'rewritten' });
	}

	/** What is left out stays. Errors: `storage/missing`. */
	async edit(id: MessageId, edit: PreferenceEdit): Promise<void> {
		const row = await this.#records.get(preferenceStore, id);
		if (!row) throw new AppError('storage/missing', { details: { what: 'the judgement' } });
		await this.#put({ ...editedPreference(row, edit), at: this.#clock.now() });
	}

	/** Takes a judgement back. Idempotent. */
	async remove(id: MessageId): Promise<void> {
		await this.#records.commit([write.delete(preferenceStore, id)]);
	}

	/** Puts back what was removed, unless the answer has been judged anew. */
	async restore(row: PreferenceRow): Promise<void> {
		if (!(await this.#records.get(preferenceStore, row.id))) await this.#put(row);
	}

	#about(
		answer: MessageRow,
		before: readonly MessageRow[]
	): Omit<PreferenceRow, 'chosen' | 'rejected' | 'verdict'> {
		const prompt = judgedPrompt(answer, before);
		const { id, conversationId, provenance } = answer;
		if (!prompt || !provenance || !mayBeJudged(answer)) {
			throw new AppError('bug', { details: { reason: 'this answer may not be judged' } });
		}
		const { engine, extractive, adapters = [] } = provenance;
		return {
			...{ id, conversation: conversationId, at: this.#clock.now(), ...prompt },
			...{ engine, extractive, adapters: adapters.map((adapter) => adapter.id) }
		};
	}

	async #put(row: PreferenceRow): Promise<void> {
		await this.#records.commit([write.put(preferenceStore, row)]);
	}
}

/** Whether that is an answer which an engine has written to its end. */
export function mayBeJudged({ role, state, text, provenance }: MessageRow): boolean {
	return role === 'assistant' && state === 'complete' && text.trim() !== '' && provenance !== null;
}
