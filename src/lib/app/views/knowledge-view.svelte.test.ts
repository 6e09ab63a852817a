import { beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '../../core/errors.ts';
import type { DocumentId, IndexId } from '../../core/ids.ts';
import type { SetupRecord } from '../../core/setup.ts';
import type { IndexState, SearchHit } from '../../knowledge/knowledge-api.ts';
import { documentStore, type DocumentRow } from '../../knowledge/knowledge-records.ts';
import { write } from '../../ports/store-write.ts';
import { indexSpec } from '../../testing/index-spec.ts';
import { MemoryRecordStore } from '../../testing/memory-record-store.ts';
import { MemoryTabHub } from '../../testing/memory-tab-channel.ts';
import type { AppMessage } from '../app-message.ts';
import { ChangeFeed } from '../change-feed.ts';
import type { SearchOutcome } from '../document-search.ts';
import type { MaintenanceState } from '../index-maintainer.ts';
import { KnowledgeView } from './knowledge-view.svelte.ts';

const index = 'index' as IndexId;

let records: MemoryRecordStore;
let feed: ChangeFeed;
let view: KnowledgeView;
/** What happened, in order: `import a.md`, `embed`. */
let log: string[];
let embedding: (state: MaintenanceState | null, error: AppError | null) => void;
/** Of the index in use; null when it is damaged. */
let truncated: number | null;
/** Searches that wait for their outcome. */
let searches: { text: string; signal: AbortSignal; end: (outcome: SearchOutcome) => void }[];

beforeEach(() => {
	records = new MemoryRecordStore();
	feed = new ChangeFeed(new MemoryTabHub<AppMessage>().join());
	log = [];
	searches = [];
	truncated = 0;
	view = new KnowledgeView({
		records,
		feed,
		knowledge: { importFile, removeDocument, indexState },
		setup: { read: async () => ({ current: { index } }) as SetupRecord },
		maintainer: {
			onChange: (listener) => {
				embedding = listener;
				return () => undefined;
			},
			run: async () => void log.push('embed')
		},
		search: {
			search: (text, _, signal) =>
				new Promise((resolve, reject) => {
					searches.push({ text, signal, end: resolve });
					signal.addEventListener('abort', () => reject(new AppError('cancelled')));
				})
		}
	});
});

async function importFile(file: File): Promise<DocumentRow> {
	log.push(`import ${file.name}`);
	if (file.name === 'full.md') throw new AppError('storage/quota');
	const row = { id: file.name, name: file.name, addedAt: log.length } as unknown as DocumentRow;
	await records.commit([write.put(documentStore, row)]);
	return row;
}

async function removeDocument(id: DocumentId): Promise<void> {
	if (id === 'stuck') throw new AppError('storage/blocked');
	await records.commit([write.delete(documentStore, id)]);
}

async function indexState(id: IndexId): Promise<IndexState> {
	if (truncated === null) throw new AppError('storage/corrupt');
	return { id, spec: indexSpec(), texts: 50, embedded: 50, truncated, search: 'exact' };
}

const file = (name: string): File => new File(['text'], name);
const names = (): string[] => view.documents.map(({ name }) => name);
const hit = (id: string): SearchHit => ({ chunk: { documentId: id } }) as unknown as SearchHit;
const found = (...ids: string[]): SearchOutcome => ({ hits: ids.map(hit), index, degraded: null });

describe('adding files', () => {
	test('reads one after another, then embeds them all', async () => {
		await view.add([file('a.md'), file('b.md')]);
		expect(log).toEqual(['import a.md', 'import b.md', 'embed']);
		expect(names()).toEqual(['b.md', 'a.md']);
		expect(view.importing).toBeNull();
	});

	test('tells which file is being read, and how many there are', async () => {
		const seen: unknown[] = [];
		feed.on('documents', () => seen.push(view.importing));
		await view.add([file('a.md'), file('b.md')]);
		expect(seen).toEqual([
			{ done: 1, total: 2, name: 'a.md' },
			{ done: 2, total: 2, name: 'b.md' }
		]);
	});

	test('files that are added meanwhile follow in the same run', async () => {
		const first = view.add([file('a.md')]);
		await view.add([file('b.md')]);
		expect(view.importing?.total).toBe(2);
		await first;
		expect(log).toEqual(['import a.md', 'import b.md', 'embed']);
	});

	test('ends when the device is full, and embeds what was read', async () => {
		await view.add([file('a.md'), file('full.md'), file('c.md')]);
		expect(log).toEqual(['import a.md', 'import full.md', 'embed']);
		expect([view.error?.code, view.importing]).toEqual(['storage/quota', null]);
		view.dismissError();
		await view.add([file('c.md')]);
		expect(names()).toContain('c.md');
		expect(view.error).toBeNull();
	});
});

test('tells how many passages are longer than the model reads, and nothing of a damaged index', async () => {
	expect(view.truncated).toBe(0);
	truncated = 38;
	await view.countTruncated();
	expect(view.truncated).toBe(38);
	truncated = null;
	await view.countTruncated();
	expect([view.truncated, view.error]).toEqual([0, null]);
});

test('shows how far embedding is, and why it gave up', () => {
	const state = { index, embedded: 1, texts: 2 };
	embedding(state, null);
	expect(view.embedding).toEqual(state);
	embedding(null, new AppError('engine/device-lost'));
	expect([view.embedding, view.error?.code]).toEqual([null, 'engine/device-lost']);
});

test('shows what another tab has added', async () => {
	await importFile(file('a.md'));
	feed.announce('documents');
	await expect.poll(names).toEqual(['a.md']);
});

describe('removing', () => {
	test('takes the document out of the list and out of the results', async () => {
		await view.add([file('a.md'), file('b.md')]);
		const search = view.find('bees');
		searches[0]?.end(found('a.md', 'b.md'));
		await search;
		await view.remove('a.md' as DocumentId);
		expect(view.hits?.map(({ chunk }) => chunk.documentId)).toEqual(['b.md']);
		await expect.poll(names).toEqual(['b.md']);
	});

	test('says why it failed', async () => {
		await view.remove('stuck' as DocumentId);
		expect(view.error?.code).toBe('storage/blocked');
	});
});

describe('searching', () => {
	test('shows what was found, and that it is still looking until then', async () => {
		expect(view.hits).toBeNull();
		const search = view.find('  bees ');
		expect([view.searching, searches[0]?.text]).toEqual([true, 'bees']);
		searches[0]?.end(found('a.md'));
		await search;
		expect([view.searching, view.hits?.length]).toEqual([false, 1]);
	});

	test('the newest search wins, and the older one is told to stop', async () => {
		const older = view.find('be');
		const newer = view.find('bees');
		expect(searches[0]?.signal.aborted).toBe(true);
		searches[1]?.end(found('a.md'));
		await Promise.all([older, newer]);
		expect([view.hits?.length, view.error]).toEqual([1, null]);
	});

	test('says why only the keywords were searched, until the next search', async () => {
		const search = view.find('bees');
		searches[0]?.end({ hits: [], index: null, degraded: new AppError('engine/load-failed') });
		await search;
		expect(view.searchNote?.code).toBe('engine/load-failed');
		const next = view.find('wasps');
		searches[1]?.end(found());
		await next;
		expect(view.searchNote).toBeNull();
	});

	test('nothing to look for clears the results and what was said of them', async () => {
		const search = view.find('bees');
		searches[0]?.end({ ...found('a.md'), degraded: new AppError('engine/load-failed') });
		await search;
		await view.find(' ');
		expect([view.hits, view.searchNote, view.searching]).toEqual([null, null, false]);
	});
});
