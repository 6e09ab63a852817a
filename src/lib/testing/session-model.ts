import { adapterCheckStore, adapterStore } from '../adapters/adapter-records.ts';
import { conversationStore, messageStore, type MessageRow } from '../chat/chat-records.ts';
import type { ConversationId, IndexId, PlanId } from '../core/ids.ts';
import type { Setup } from '../core/setup.ts';
import { hashText } from '../core/text-hash.ts';
import {
	chunkStore,
	documentStore,
	documentTextStore,
	indexStore,
	vectorBlockStore
} from '../knowledge/knowledge-records.ts';
import type { KnowledgeService } from '../knowledge/knowledge-service.ts';
import { unitVector } from '../knowledge/vector-math.ts';
import { readJournal, type JournalState } from '../migration/journal-state.ts';
import { journalStore, setupStore, snapshotStore } from '../migration/migration-records.ts';
import type { JournalEntry } from '../migration/journal-entry.ts';
import { wordVector } from './knowledge-world.ts';
import type { UpgradeWorld } from './upgrade-world.ts';
import {
	belongingsOf,
	expectSame,
	expectTidyLibrary,
	vectorsIn,
	type Image
} from './world-image.ts';

/** What an engine makes of a text in sessions: of one model alone, so that a vector in the wrong index shows. */
export function sessionVector(model: string, text: string, dims: number): Float32Array {
	return wordVector(`${model}embeds ${text}`, dims);
}

/** Of a document: the hash of its file; null: it is not there. Several where nobody can know. */
type Allowed = readonly (string | null)[];

/** An index as it was seen last. */
interface SeenIndex {
	readonly createdAt: number;
	readonly vectors: ReadonlySet<string>;
}

/** How many upgrades of a session ended so. */
export type Outcomes = Readonly<Record<'committed' | 'rolled-back', number>>;

/** What a session should have left on its disk, in plain collections: no index, no journal, no caches. */
export class SessionModel {
	readonly #world: UpgradeWorld;
	readonly #documents = new Map<string, Allowed>();
	/** As they were seen last: what is written stays. */
	readonly #messages = new Map<ConversationId, readonly MessageRow[]>();
	readonly #vectors = new Map<IndexId, SeenIndex>();
	readonly #decided = new Map<PlanId, 'committed' | 'rolled-back'>();
	readonly #settings: unknown;
	readonly #adapters: unknown;
	/** Faults that may make an upgrade go back by itself. */
	mayGoBack = false;

	private constructor(world: UpgradeWorld) {
		this.#world = world;
		this.#settings = settingsOf(belongingsOf(world.disk));
		this.#adapters = adaptersOf(belongingsOf(world.disk));
	}

	static async of(world: UpgradeWorld): Promise<SessionModel> {
		const model = new SessionModel(world);
		for (const { name, contentHash } of await world.disk.list(documentStore))
			model.#documents.set(name, [contentHash]);
		await model.adoptMessages();
		return model;
	}

	/** Of documents that are surely there. */
	get names(): string[] {
		return [...this.#documents].flatMap(([name, allowed]) =>
			allowed.includes(null) ? [] : [name]
		);
	}

	/** From here on it is one of these; the texts of its files, or null. */
	async expectDocument(name: string, texts: readonly (string | null)[]): Promise<void> {
		const hashes = texts.map(async (text) => (text === null ? null : hashText(text)));
		this.#documents.set(name, await Promise.all(hashes));
	}

	/** What was allowed until now stays allowed, too. */
	async alsoAllow(name: string, texts: readonly (string | null)[]): Promise<void> {
		const before = this.#documents.get(name) ?? [null];
		await this.expectDocument(name, texts);
		this.#documents.set(name, [...before, ...(this.#documents.get(name) ?? [])]);
	}

	/** The user has been told that this is how it ended. */
	decide(plan: PlanId, outcome: 'committed' | 'rolled-back'): void {
		this.#decided.set(plan, outcome);
	}

	/** What was written in the chats by now is to stay. Nothing older may have changed. */
	async adoptMessages(): Promise<void> {
		const { disk } = this.#world;
		for (const { id } of await disk.list(conversationStore)) {
			const now = await disk.list(messageStore, { prefix: [id] });
			const before = this.#messages.get(id) ?? [];
			// The last one may have been written on.
			const settled = before.slice(0, before.at(-1)?.state === 'streaming' ? -1 : undefined);
			expectSame(now.slice(0, settled.length), settled, 'the messages of a chat');
			this.#messages.set(id, now);
		}
		const ids = (await disk.list(conversationStore)).map(({ id }) => id);
		expectSame(
			[...this.#messages.keys()].every((id) => ids.includes(id)),
			true,
			'the chats'
		);
	}

	outcomes(): Outcomes {
		const entries = (this.#world.disk.everything().get(journalStore.name) ?? []) as JournalEntry[];
		const count = (type: JournalEntry['type']) =>
			entries.filter((entry) => entry.type === type).length;
		return { committed: count('committed'), 'rolled-back': count('rolled-back') };
	}

	/** After every action. */
	async check(): Promise<void> {
		await this.#checkDocuments();
		await this.adoptMessages();
		expectSame(settingsOf(belongingsOf(this.#world.disk)), this.#settings, 'the settings');
		const newest = this.#checkJournals();
		await this.#checkSetup(newest);
	}

	async #checkDocuments(): Promise<void> {
		const { disk } = this.#world;
		const rows = await disk.list(documentStore);
		const ready = new Map(
			rows.flatMap((row) => (row.state === 'ready' ? [[row.name, row.contentHash] as const] : []))
		);
		for (const [name, allowed] of this.#documents) {
			const found = ready.get(name) ?? null;
			if (!allowed.includes(found)) expectSame({ [name]: found }, { [name]: allowed }, 'documents');
			this.#documents.set(name, [found]);
		}
		for (const name of ready.keys())
			expectSame(this.#documents.has(name), true, `document ${name}`);
		const texts = await disk.list(documentTextStore);
		const ids = rows.filter(({ state }) => state === 'ready').map(({ id }) => id);
		expectSame(new Set(texts.map(({ documentId }) => documentId)), new Set(ids), 'texts');
	}

	/** All can be read, one at most is open, and what was decided stays so. Returns the newest. */
	#checkJournals(): JournalState | null {
		const entries = (this.#world.disk.everything().get(journalStore.name) ?? []) as JournalEntry[];
		const journals = Map.groupBy(entries, ({ planId }) => planId);
		const states = [...journals.values()].map((journal) => readJournal(journal));
		const open = states.filter(({ outcome }) => outcome === null);
		expectSame(open.length <= 1, true, 'one upgrade at a time');
		for (const { plan, outcome } of states)
			if (this.#decided.has(plan.id)) expectSame(outcome, this.#decided.get(plan.id), 'the end');
		for (const journal of journals.values())
			for (const entry of journal)
				if (entry.type === 'rollback-requested' && entry.by === 'automatic')
					expectSame(this.mayGoBack, true, `went back by itself: ${entry.message}`);
		this.#order.push(
			...states.map(({ plan }) => plan.id).filter((id) => !this.#order.includes(id))
		);
		const last = this.#order.at(-1);
		return states.find(({ plan }) => plan.id === last) ?? null;
	}

	/** Plans in the order in which they came: the clock may have gone back between two. */
	readonly #order: PlanId[] = [];

	async #checkSetup(newest: JournalState | null): Promise<void> {
		const { disk } = this.#world;
		const { current, trial } = (await disk.get(setupStore, 'active'))!;
		if (newest) {
			const { plan, outcome, kept, rollback } = newest;
			const isNew = trial ?? (outcome ? outcome === 'committed' : kept);
			expectSame(bare(current), bare(isNew ? plan.to : plan.from), 'the setup');
			if (outcome) expectSame(trial, null, 'the trial');
			if (trial) expectSame(trial.previous, plan.from, 'the setup before the trial');
			if (trial && !rollback) await this.#checkIndex(trial.previous.index);
		}
		await this.#checkIndex(current.index);
		await this.#checkAdapters(current);
	}

	/** None is lost or changed, and only such are on as are wanted and were not found not to work. */
	async #checkAdapters({ chat, adapters }: Setup): Promise<void> {
		const { disk } = this.#world;
		expectSame(adaptersOf(belongingsOf(disk)), this.#adapters, 'the adapters');
		for (const { adapter, strength } of adapters) {
			const row = await disk.get(adapterStore, adapter);
			expectSame([row?.wanted, row?.strength], [true, strength], 'an adapter that is on');
			const check = await disk.get(adapterCheckStore, [adapter, chat.model]);
			expectSame(check?.result !== 'failed', true, `${row?.name} works with ${chat.name}`);
		}
	}

	/** It is there, and has every vector that it had; one that was collected and built anew, those of the passages of today. */
	async #checkIndex(id: IndexId): Promise<void> {
		const { disk } = this.#world;
		const row = await disk.get(indexStore, id);
		expectSame(row?.id, id, 'an index in use');
		const { createdAt } = row!;
		const vectors = vectorsIn(disk, id);
		const before = this.#vectors.get(id);
		const lost = [...(before?.vectors ?? [])].filter((vector) => !vectors.has(vector));
		const texts = (await disk.list(chunkStore)).map(({ textHash }) => textHash);
		const isMissed = (vector: string): boolean =>
			before?.createdAt === createdAt || texts.some((text) => vector.includes(text));
		expectSame(lost.filter(isMissed), [], 'lost vectors');
		this.#vectors.set(id, { createdAt, vectors });
	}

	/** The index in use finds every passage, and each index has vectors of its own model alone. */
	async checkComplete(knowledge: Pick<KnowledgeService, 'indexState'>): Promise<void> {
		const { disk } = this.#world;
		const { current } = (await disk.get(setupStore, 'active'))!;
		const { model } = current.embedding;
		const state = await knowledge.indexState(current.index);
		expectSame([state?.embedded, state?.spec.model], [state?.texts, model], 'texts');
		const chunks = await disk.list(chunkStore);
		const texts = new Map(chunks.map(({ textHash, text }) => [textHash, text]));
		const indexes = await disk.list(indexStore);
		const models = new Map(indexes.map(({ id, spec }) => [id, spec.model]));
		for (const { indexId, textHashes, vectors } of await disk.list(vectorBlockStore)) {
			const all = new Float32Array(vectors);
			const dims = all.length / textHashes.length;
			for (const [row, hash] of textHashes.entries()) {
				const found = all.subarray(row * dims, (row + 1) * dims);
				const own = sessionVector(models.get(indexId) ?? '', texts.get(hash) ?? '', dims);
				expectOwn(found, own, texts.has(hash));
			}
		}
	}

	/** Long after everything: one index, one set of chunks, no backup, no stray part. */
	async checkTidy(): Promise<void> {
		const { disk } = this.#world;
		const { current, trial } = (await disk.get(setupStore, 'active'))!;
		expectSame(trial, null, 'the trial');
		const rows = await disk.list(indexStore);
		expectSame(
			rows.map(({ id, deleteAfter }) => [id, deleteAfter]),
			[[current.index, null]],
			'indexes'
		);
		const blocks = await disk.list(vectorBlockStore);
		const strays = blocks.filter(({ indexId }) => indexId !== current.index);
		expectSame(strays, [], 'stray vectors');
		const snapshots = await disk.list(snapshotStore);
		expectSame(snapshots.length, 0, 'backups');
		const ids = new Set((await disk.list(documentStore)).map(({ id }) => id));
		const chunks = await disk.list(chunkStore);
		expectSame(
			chunks.filter(({ documentId }) => !ids.has(documentId)),
			[],
			'stray passages'
		);
		await expectTidyLibrary(this.#world);
	}
}

/** Vectors of passages that are gone are nobody's business. */
function expectOwn(found: Float32Array, vector: Float32Array, isThere: boolean): void {
	const expected = unitVector(vector);
	const isOwn = expected?.every((value, at) => Math.abs(value - (found[at] ?? 0)) < 1e-5);
	expectSame(!isThere || isOwn, true, 'a vector of the index’s own model');
}

/** But for the adapters: those have promises of their own. */
function bare(setup: Setup): Setup {
	return { ...setup, adapters: [] };
}

function adaptersOf(image: Image): unknown {
	return [image.adapters, image['adapter-parts']];
}

function settingsOf(image: Image): unknown {
	return [image.settings, image.prompts];
}
