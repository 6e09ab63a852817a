import { expect, type Page } from '@playwright/test';

/** An upgrade's journal entry, as far as the tests read it. */
export interface StoredEntry {
	readonly planId: string;
	readonly seq: number;
	readonly at: number;
	readonly type: string;
	readonly step?: string;
	readonly checkpoint?: unknown;
	readonly plan?: {
		readonly from: StoredSetup;
		readonly to: StoredSetup;
		readonly steps: readonly { readonly id: string; readonly kind: string }[];
	};
}

export interface StoredSetup {
	readonly chat: { readonly name: string };
	readonly embedding: { readonly name: string };
	readonly index: string;
}

export interface StoredChunk {
	readonly documentId: string;
	readonly textHash: string;
	/** Null: the default one. */
	readonly chunker: string | null;
}

/** What lies in the database, without the vectors themselves. */
export interface StoredData {
	readonly setup: {
		readonly current: StoredSetup;
		readonly trial: { readonly planId: string; readonly previous: StoredSetup } | null;
	};
	/** All upgrades there ever were, the latest last, each with its entries in order. */
	readonly journals: readonly (readonly StoredEntry[])[];
	readonly documents: readonly Record<string, unknown>[];
	/** Documents whose text is there. */
	readonly texts: readonly string[];
	readonly chunks: readonly StoredChunk[];
	readonly conversations: readonly Record<string, unknown>[];
	readonly messages: readonly Record<string, unknown>[];
	readonly indexes: readonly {
		readonly id: string;
		readonly deleteAfter: number | null;
		readonly dims: number;
		readonly blocks: number;
		/** Of the way in which its documents are cut up. */
		readonly chunker: string;
	}[];
	readonly blocks: readonly {
		readonly indexId: string;
		readonly block: number;
		readonly textHashes: readonly string[];
		readonly bytes: number;
	}[];
}

/**
 * Reads the database in that page. On one that is not the app (`profile.openQuiet`) nothing changes it meanwhile: that is
 * how a killed tab has left it.
 */
export async function readStoredData(page: Page): Promise<StoredData> {
	const found = await page.evaluate(async () => {
		interface IndexSpec {
			readonly embedding: { readonly dims: number };
			readonly chunker: {
				readonly kind: string;
				readonly version: number;
				readonly size: number;
				readonly overlap: number;
			};
		}
		const describeSpec = ({ embedding: { dims }, chunker }: IndexSpec): object => ({
			dims,
			chunker: [chunker.kind, chunker.version, chunker.size, chunker.overlap].join('-')
		});
		const database = await new Promise<IDBDatabase>((resolve, reject) => {
			const opening = indexedDB.open('sam');
			opening.onsuccess = () => resolve(opening.result);
			opening.onerror = () => reject(new Error('The database cannot be opened.'));
		});
		const names = [...database.objectStoreNames];
		const transaction = database.transaction(names, 'readonly');
		const rowsOf = (name: string): Promise<Record<string, unknown>[]> =>
			new Promise((resolve, reject) => {
				const getting = transaction.objectStore(name).getAll();
				getting.onsuccess = () => resolve(getting.result as Record<string, unknown>[]);
				getting.onerror = () => reject(new Error(`The store ${name} cannot be read.`));
			});
		// All asked for at once: the transaction ends when nothing is.
		const stores = Object.fromEntries(
			await Promise.all(names.map(async (name) => [name, await rowsOf(name)] as const))
		);
		database.close();
		const rows = (name: string): Record<string, unknown>[] => stores[name] ?? [];
		const found = {
			setup: rows('setup')[0],
			journals: rows('journal'),
			documents: rows('documents'),
			texts: rows('document-texts').map(({ documentId }) => documentId),
			chunks: [...rows('chunks'), ...rows('chunk-sets')].map(
				({ documentId, textHash, chunker = null }) => ({ documentId, textHash, chunker })
			),
			conversations: rows('conversations'),
			messages: rows('messages'),
			indexes: rows('indexes').map(({ id, deleteAfter, blocks, spec }) => ({
				...{ id, deleteAfter, blocks },
				...describeSpec(spec as IndexSpec)
			})),
			blocks: rows('vector-blocks').map(({ indexId, block, textHashes, vectors }) => ({
				...{ indexId, block, textHashes },
				bytes: (vectors as ArrayBuffer).byteLength
			}))
		};
		return found as unknown as Omit<StoredData, 'journals'> & { readonly journals: StoredEntry[] };
	});
	return { ...found, journals: inOrder(found.journals) };
}

/** Only the journals, which is quicker. */
export async function readJournals(page: Page): Promise<Pick<StoredData, 'journals'>> {
	const entries = await page.evaluate(
		() =>
			new Promise<unknown>((resolve, reject) => {
				const opening = indexedDB.open('sam');
				opening.onerror = () => reject(new Error('The database cannot be opened.'));
				opening.onsuccess = () => {
					const database = opening.result;
					const getting = database.transaction('journal').objectStore('journal').getAll();
					getting.onsuccess = () => {
						database.close();
						resolve(getting.result);
					};
				};
			})
	);
	return { journals: inOrder(entries as StoredEntry[]) };
}

/** Upgrades have random ids: their order is that of their first entries. */
function inOrder(entries: readonly StoredEntry[]): StoredEntry[][] {
	const journals = [...Map.groupBy(entries, ({ planId }) => planId).values()];
	return journals.sort(([a], [b]) => (a?.at ?? 0) - (b?.at ?? 0));
}

/** The upgrade that has not ended; null when all have. */
export function unfinished({
	journals
}: Pick<StoredData, 'journals'>): readonly StoredEntry[] | null {
	return journals.find((entries) => endOf(entries) === null) ?? null;
}

/** How an upgrade ended; null while it has not. */
export function endOf(entries: readonly StoredEntry[]): 'committed' | 'rolled-back' | null {
	const type = entries.at(-1)?.type;
	return type === 'committed' || type === 'rolled-back' ? type : null;
}

/** Where the upgrade under way is: a kind of step, or what comes before, between and after the steps. */
export function phaseOf(data: Pick<StoredData, 'journals'>): string {
	const entries = unfinished(data);
	if (!entries) return 'no upgrade';
	const types = new Set(entries.map(({ type }) => type));
	if (types.has('rollback-requested')) return 'going back';
	if (types.has('kept')) return 'keeping';
	const done = entries.flatMap(({ type, step }) => (type === 'step-verified' ? [step] : []));
	const next = entries[0]?.plan?.steps.find(({ id }) => !done.includes(id));
	return next?.kind ?? 'trial';
}

/** What must hold at every moment, whatever has happened; `before` is how it was before the upgrade. */
export function expectWhole(data: StoredData, before: StoredData): void {
	// Documents and chats: each row as it was.
	expect(data.documents).toEqual(before.documents);
	expect(data.texts).toEqual(before.texts);
	expect(defaultChunks(data)).toEqual(defaultChunks(before));
	expect(data.conversations).toEqual(before.conversations);
	expect(data.messages).toEqual(before.messages);
	expectJournals(data);
	expectSetup(data);
	for (const index of data.indexes) expectIndex(data, index);
	const known = data.indexes.map(({ id }) => id);
	// Vectors of no index would never be found again, nor deleted.
	expect(data.blocks.filter(({ indexId }) => !known.includes(indexId))).toEqual([]);
	const inUse = data.indexes.find(({ id }) => id === data.setup.current.index);
	expect(inUse?.deleteAfter).toBeNull();
	expect(missingTexts(data)).toBe(0);
	if (data.setup.trial) {
		expect(missingTexts(data, data.setup.trial.previous.index)).toBe(0);
	}
}

/** After an upgrade has ended: no index that is neither in use nor dated, and nothing half done. */
export function expectTidy(data: StoredData): void {
	expect(unfinished(data)).toBeNull();
	expect(data.setup.trial).toBeNull();
	const undated = data.indexes.filter(({ deleteAfter }) => deleteAfter === null);
	expect(undated.map(({ id }) => id)).toEqual([data.setup.current.index]);
}

function defaultChunks({ chunks }: StoredData): StoredChunk[] {
	return chunks.filter(({ chunker }) => chunker === null);
}

function expectJournals({ journals }: StoredData): void {
	for (const entries of journals) {
		expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, at) => at));
		expect(entries[0]?.type).toBe('planned');
	}
	expect(journals.filter((entries) => endOf(entries) === null).length).toBeLessThanOrEqual(1);
}

/** Wholly old, or wholly new with the old one kept beside it. */
function expectSetup(data: StoredData): void {
	const { current, trial } = data.setup;
	const plan = unfinished(data)?.[0]?.plan;
	if (!plan) return;
	expect([plan.from, plan.to]).toContainEqual(current);
	const types = unfinished(data)?.map(({ type }) => type) ?? [];
	const isOld = JSON.stringify(current) === JSON.stringify(plan.from);
	if (isOld || types.includes('kept')) return;
	expect(trial?.previous).toEqual(plan.from);
}

function expectIndex(data: StoredData, index: StoredData['indexes'][number]): void {
	const blocks = data.blocks.filter(({ indexId }) => indexId === index.id);
	expect(blocks.map(({ block }) => block)).toEqual(blocks.map((_, at) => at));
	expect(blocks).toHaveLength(index.blocks);
	const hashes = blocks.flatMap(({ textHashes }) => textHashes);
	expect(new Set(hashes).size).toBe(hashes.length);
	for (const { textHashes, bytes } of blocks) {
		expect(bytes).toBe(textHashes.length * index.dims * Float32Array.BYTES_PER_ELEMENT);
	}
}

/** New documents are found by their words at once, and by meaning a while later: waits for that. */
export async function expectIndexed(page: Page): Promise<void> {
	await expect
		.poll(async () => missingTexts(await readStoredData(page)), { timeout: 5 * 60_000 })
		.toBe(0);
}

/** How many texts have no vector in that index; without one, in the index in use. */
function missingTexts(
	{ blocks, chunks, indexes, setup }: StoredData,
	index = setup.current.index
): number {
	const there = new Set(
		blocks.filter(({ indexId }) => indexId === index).flatMap(({ textHashes }) => textHashes)
	);
	const chunker = indexes.find(({ id }) => id === index)?.chunker;
	const own = chunks.filter((chunk) => chunk.chunker === chunker);
	const texts = own.length > 0 ? own : chunks.filter((chunk) => chunk.chunker === null);
	return texts.filter(({ textHash }) => !there.has(textHash)).length;
}
