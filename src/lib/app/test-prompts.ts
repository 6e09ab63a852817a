import { newId } from '../core/ids.ts';
import type { TestPrompt } from '../migration/plan.ts';
import type { Clock } from '../ports/clock.ts';
import type { RecordStore, StoreOf } from '../ports/record-store.ts';
import { write } from '../ports/store-write.ts';

export interface PromptRow extends TestPrompt {
	readonly createdAt: number;
	/** Order, ascending. */
	readonly position: number;
}

/** Empty until the user has changed something: the defaults hold then, also better ones of later versions. */
export const promptStore: StoreOf<PromptRow, string> = {
	name: 'prompts',
	keyOf: (row) => row.id
};

/** One for each thing that engines differ in: facts, summary, form, honesty, thought. */
export const defaultPrompts: readonly TestPrompt[] = [
	{ id: 'facts', text: 'Which dates, names and figures do my documents mention?' },
	{ id: 'summary', text: 'Sum up what my documents are about, in three sentences.' },
	{
		id: 'form',
		text: 'List the five most important points of my documents as bullets of at most ten words each.'
	},
	{
		id: 'honesty',
		text: 'What do my documents say about the harvest on Mars in 2150? Say "I do not know" if they say nothing.'
	},
	{
		id: 'thought',
		text: 'Take one statement from my documents, and explain step by step to a ten-year-old why it matters.'
	}
];

/** The prompts that chat engines are compared with. Errors of all methods: those of `RecordStore`. */
export class TestPrompts {
	readonly #records: RecordStore;
	readonly #clock: Pick<Clock, 'now'>;

	constructor(records: RecordStore, clock: Pick<Clock, 'now'>) {
		this.#records = records;
		this.#clock = clock;
	}

	/** In their order. Never empty. */
	async list(): Promise<TestPrompt[]> {
		return (await this.#rows()).map(({ id, text }) => ({ id, text }));
	}

	/** As the last one. An empty text is ignored. */
	async add(text: string): Promise<void> {
		const rows = await this.#rows();
		const position = (rows.at(-1)?.position ?? -1) + 1;
		const row = { id: newId(), text: text.trim(), createdAt: this.#clock.now(), position };
		if (row.text) await this.#put([...rows, row]);
	}

	/** An empty text is ignored, and so is a prompt that is gone. */
	async edit(id: string, text: string): Promise<void> {
		const trimmed = text.trim();
		if (!trimmed) return;
		const rows = await this.#rows();
		await this.#put(rows.map((row) => (row.id === id ? { ...row, text: trimmed } : row)));
	}

	/** The last one stays: an upgrade that is to ask none is told so in its options. Idempotent. */
	async remove(id: string): Promise<void> {
		const rows = await this.#rows();
		const others = rows.filter((row) => row.id !== id);
		if (others.length > 0) await this.#put(others, [write.delete(promptStore, id)]);
	}

	/** Forgets what the user has changed. */
	async restoreDefaults(): Promise<void> {
		const rows = await this.#records.list(promptStore);
		await this.#records.commit(rows.map(({ id }) => write.delete(promptStore, id)));
	}

	async #rows(): Promise<PromptRow[]> {
		const rows = await this.#records.list(promptStore);
		if (rows.length > 0) return rows.sort((a, b) => a.position - b.position);
		const createdAt = this.#clock.now();
		return defaultPrompts.map((prompt, position) => ({ ...prompt, createdAt, position }));
	}

	/** All of them: with the first change, the defaults become the user's. */
	async #put(
		rows: readonly PromptRow[],
		besides: readonly ReturnType<typeof write.delete>[] = []
	): Promise<void> {
		await this.#records.commit([...besides, ...rows.map((row) => write.put(promptStore, row))]);
	}
}
