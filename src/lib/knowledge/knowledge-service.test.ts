import { beforeEach, describe, expect, test } from 'vitest';
import type { DocumentId, IndexId } from '../core/ids.ts';
import { write } from '../ports/store-write.ts';
import { indexSpec } from '../testing/index-spec.ts';
import { knowledgeOver, wordVector, wordVectors } from '../testing/knowledge-world.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { MemoryRecordStore } from '../testing/memory-record-store.ts';
import { pdfText, tinyPdf } from '../testing/tiny-pdf.ts';
import { chunkStore, documentStore, documentTextStore } from './knowledge-records.ts';
import type { KnowledgeService } from './knowledge-service.ts';

const owls = '# Owls\n\nThe owl hunts mice at night.\n\n# Eagles\n\nThe eagle hunts fish by day.';
const tea = 'Green tea is steamed after the harvest.';

let records: MemoryRecordStore;
let clock: ManualClock;
let knowledge: KnowledgeService;

beforeEach(() => {
	records = new MemoryRecordStore();
	clock = new ManualClock(1_000);
	knowledge = knowledgeOver(records, clock);
});

const add = async (name: string, content: BlobPart) => {
	clock.jump(1);
	return await knowledge.importFile(new File([content], name));
};
const search = async (text: string, indexId: IndexId | null = null) =>
	(await knowledge.search({ text, indexId, vector: indexId && wordVector(text), limit: 5 })).map(
		(hit) => hit.chunk.text
	);

async function embedAll(revision = '1'): Promise<IndexId> {
	const { id } = await knowledge.createIndex(indexSpec(revision));
	await knowledge.addVectors(id, wordVectors(await knowledge.missingTexts(id, 1000)));
	return id;
}

describe('importing a file', () => {
	test('stores its row, its text and its chunks', async () => {
		const row = await add('owls.md', owls);
		expect(row).toMatchObject({
			name: 'owls.md',
			kind: 'markdown',
			bytes: owls.length,
			state: 'ready',
			error: null,
			chunkCount: 2,
			addedAt: 1_001
		});
		expect(await knowledge.documents()).toEqual([row]);
		expect(await records.get(documentTextStore, row.id)).toMatchObject({
			sections: [{ headings: ['Owls'] }, { headings: ['Eagles'] }]
		});
		const chunks = await records.list(chunkStore, { prefix: [row.id] });
		expect(chunks.map((chunk) => [chunk.ordinal, chunk.headings])).toEqual([
			[0, ['Owls']],
			[1, ['Eagles']]
		]);
	});

	test('reads a PDF with its pages', async () => {
		const row = await add('paper.pdf', tinyPdf([pdfText(['One owl.']), pdfText(['Two owls.'])]));
		expect(row).toMatchObject({ kind: 'pdf', state: 'ready', pages: 2, chunkCount: 2 });
		expect((await knowledge.passage(row.id, 1))?.chunk.page).toBe(2);
	});

	test('gives the row that is there for the same content, whatever the name', async () => {
		const row = await add('owls.md', owls);
		expect(await add('copy.md', owls)).toEqual(row);
		expect(await knowledge.documents()).toHaveLength(1);
	});

	test('takes the same file twice at once only once', async () => {
		const [first, second] = await Promise.all([add('owls.md', owls), add('owls.md', owls)]);
		expect(second).toEqual(first);
	});

	test.each([
		['document/empty', 'empty.md', ''],
		['document/unsupported', 'report.docx', Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0)],
		['document/unsupported', 'garbage.md', Uint8Array.from({ length: 64 }, (_, index) => index)],
		['document/unreadable', 'cut.pdf', '%PDF-1.7\n1 0 obj\n<<']
	])('keeps a row that says %s', async (code, name, content) => {
		const row = await add(name, content);
		expect(row).toMatchObject({ name, state: 'failed', error: { code } });
		expect(row.error?.message).toContain(name);
		expect(await knowledge.documents()).toEqual([row]);
	});

	test('tries a failed file again under the same row', async () => {
		const first = await add('cut.pdf', '%PDF-1.7\n1 0 obj\n<<');
		const second = await add('cut.pdf', '%PDF-1.7\n1 0 obj\n<<');
		expect(second.id).toBe(first.id);
		expect(await knowledge.documents()).toHaveLength(1);
	});

	test('throws when there is no room, and says so in the row', async () => {
		let full = false;
		records = new MemoryRecordStore({
			beforeCommit: (writes) => {
				if (full && writes.length > 1) throw new Error('full');
			}
		});
		knowledge = knowledgeOver(records, clock);
		await knowledge.documents();
		full = true;
		await expect(add('owls.md', owls)).rejects.toThrow('full');
		expect(await knowledge.documents()).toMatchObject([{ state: 'failed', chunkCount: 0 }]);
		expect(await search('owl')).toEqual([]);
		full = false;
		expect(await add('owls.md', owls)).toMatchObject({ state: 'ready' });
		expect(await knowledge.documents()).toHaveLength(1);
	});

	test('ends without a trace when the document is removed meanwhile', async () => {
		records = new MemoryRecordStore({
			afterCommit: (writes) => {
				const [first] = writes;
				if (first?.op !== 'put' || writes.length > 1) return;
				void knowledge.removeDocument(first.key as DocumentId);
			}
		});
		knowledge = knowledgeOver(records, clock);
		expect(await add('owls.md', owls)).toMatchObject({
			state: 'failed',
			error: { code: 'cancelled' }
		});
		expect(await knowledge.documents()).toEqual([]);
		expect(await records.count(chunkStore)).toBe(0);
	});
});

describe('after a restart', () => {
	test('everything is found as before', async () => {
		await add('owls.md', owls);
		const id = await embedAll();
		const before = await search('eagle', id);
		knowledge = knowledgeOver(records, clock);
		expect(await search('eagle', id)).toEqual(before);
		expect(await search('eagle')).toEqual(before.slice(0, 1));
	});

	test('a document that was being read has failed, and can be added again', async () => {
		const row = await add('owls.md', owls);
		await records.commit([write.put(documentStore, { ...row, state: 'reading' })]);
		knowledge = knowledgeOver(records, clock);
		expect(await knowledge.documents()).toMatchObject([
			{ id: row.id, state: 'failed', error: { code: 'document/interrupted' } }
		]);
		expect(await add('owls.md', owls)).toMatchObject({ id: row.id, state: 'ready' });
	});

	test('a store that fails at first is asked again', async () => {
		let broken = true;
		const flaky = Object.assign(Object.create(records) as MemoryRecordStore, {
			list: (...args: Parameters<MemoryRecordStore['list']>) =>
				broken ? Promise.reject(new Error('blocked')) : records.list(...args)
		});
		knowledge = knowledgeOver(flaky, clock);
		await expect(knowledge.documents()).rejects.toThrow('blocked');
		broken = false;
		expect(await knowledge.documents()).toEqual([]);
	});
});

describe('passages', () => {
	test('come with their neighbours', async () => {
		const { id } = await add('owls.md', owls);
		const passage = await knowledge.passage(id, 1);
		expect(passage).toMatchObject({
			document: { id },
			chunk: { ordinal: 1 },
			before: { ordinal: 0 }
		});
		expect(passage?.after).toBeNull();
	});

	test('are null when the document is gone', async () => {
		const { id } = await add('owls.md', owls);
		await knowledge.removeDocument(id);
		expect(await knowledge.passage(id, 0)).toBeNull();
	});
});

describe('search', () => {
	test('finds by keyword alone without an index', async () => {
		await add('owls.md', owls);
		const [hit] = await knowledge.search({ text: 'mice', vector: null, indexId: null, limit: 5 });
		expect(hit).toMatchObject({ documentName: 'owls.md', cosine: null, chunk: { ordinal: 0 } });
		expect(hit?.keyword).toBeGreaterThan(0);
	});

	test('fuses words and vectors, with the exact cosine', async () => {
		await add('owls.md', owls);
		await add('tea.txt', tea);
		const indexId = await embedAll();
		const vector = wordVector(tea);
		const [first] = await knowledge.search({ text: 'harvest', vector, indexId, limit: 5 });
		expect(first).toMatchObject({
			documentName: 'tea.txt',
			cosine: expect.closeTo(1, 5) as number
		});
		expect(first?.score).toBeCloseTo(2 / 61);
		const [byVector] = await knowledge.search({ text: '', vector, indexId, limit: 1 });
		expect(byVector).toMatchObject({ documentName: 'tea.txt', keyword: null });
	});

	test('gives one hit for a text that stands in several documents', async () => {
		await add('a.md', `${tea}\n\n# Other\n\nAlpha.`);
		await add('b.md', `${tea}\n\n# Other\n\nBeta.`);
		expect(await search('tea', await embedAll())).toEqual([
			tea,
			expect.any(String),
			expect.any(String)
		]);
	});

	test('goes on by keyword for a vector without direction, or an index that is gone', async () => {
		await add('tea.txt', tea);
		const indexId = await embedAll();
		const ask = { text: 'tea', limit: 5 };
		const none = { ...ask, vector: new Float32Array(32), indexId };
		expect(await knowledge.search(none)).toMatchObject([{ cosine: null }]);
		await knowledge.dropIndex(indexId);
		const gone = { ...ask, vector: wordVector('tea'), indexId };
		expect(await knowledge.search(gone)).toMatchObject([{ cosine: null }]);
	});

	test('refuses a vector of another size', async () => {
		const indexId = await embedAll();
		const request = { text: 'x', vector: new Float32Array(8), indexId, limit: 5 };
		await expect(knowledge.search(request)).rejects.toMatchObject({ code: 'index/mismatch' });
	});

	test('does not wait for a file that is being read', async () => {
		await add('tea.txt', tea);
		const slow = new File(['slow'], 'slow.txt');
		const reading = Promise.withResolvers<ArrayBuffer>();
		Object.assign(slow, { arrayBuffer: () => reading.promise });
		const importing = knowledge.importFile(slow);
		expect(await search('tea')).toEqual([tea]);
		expect(await embedAll()).toBeTypeOf('string');
		reading.resolve(new TextEncoder().encode('slow').buffer);
		expect(await importing).toMatchObject({ state: 'ready' });
	});
});

describe('removing a document', () => {
	test('takes it out of keywords and all indexes at once', async () => {
		const { id } = await add('owls.md', owls);
		await add('tea.txt', tea);
		const indexes = [await embedAll('1'), await embedAll('2')];
		for (const index of indexes) expect(await search('eagle', index)).toHaveLength(3);
		await knowledge.idle();
		await knowledge.removeDocument(id);
		for (const index of indexes) {
			expect(await search('eagle', index)).toEqual([tea]);
			expect(await knowledge.nearest(index, wordVector(owls), 9)).toHaveLength(1);
		}
		expect(await search('eagle')).toEqual([]);
		expect(await records.count(chunkStore)).toBe(1);
	});

	test('keeps a text that another document has too', async () => {
		const { id } = await add('a.md', `${tea}\n\n# Other\n\nAlpha.`);
		await add('b.md', `${tea}\n\n# Other\n\nBeta.`);
		const index = await embedAll();
		await knowledge.removeDocument(id);
		const [hit] = await knowledge.search({
			text: 'tea',
			vector: wordVector(tea),
			indexId: index,
			limit: 5
		});
		expect(hit).toMatchObject({ documentName: 'b.md', chunk: { text: tea } });
	});

	test('keeps its vectors, so that adding it again embeds nothing', async () => {
		const { id } = await add('tea.txt', tea);
		const index = await embedAll();
		expect(await search('tea', index)).toEqual([tea]);
		await knowledge.removeDocument(id);
		await add('tea.txt', tea);
		expect(await knowledge.missingTexts(index, 10)).toEqual([]);
		expect(await knowledge.nearest(index, wordVector(tea), 1)).toHaveLength(1);
	});

	test('is idempotent', async () => {
		const { id } = await add('tea.txt', tea);
		await knowledge.removeDocument(id);
		await knowledge.removeDocument(id);
		expect(await knowledge.documents()).toEqual([]);
	});
});

describe('questions for the quality gate', () => {
	test('are made from the documents, reproducibly', async () => {
		await add('owls.md', owls);
		await add('tea.txt', tea);
		const { id } = await knowledge.createIndex(indexSpec());
		const items = await knowledge.knownItems(id, 2, 4);
		expect(items).toHaveLength(2);
		expect(await knowledge.knownItems(id, 2, 4)).toEqual(items);
		expect(await knowledge.knownItems(id, 99, 4)).toHaveLength(3);
	});

	test('are none without documents', async () => {
		const { id } = await knowledge.createIndex(indexSpec());
		expect(await knowledge.knownItems(id, 5, 1)).toEqual([]);
	});
});
