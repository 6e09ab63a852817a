import { expect, test } from 'vitest';
import { CrashPoint } from '../testing/crash-point.ts';
import { fineChunker, indexSpec } from '../testing/index-spec.ts';
import { knowledgeOver, wordVectors } from '../testing/knowledge-world.ts';
import { MemoryRecordStore } from '../testing/memory-record-store.ts';
import { isSimulatedCrash } from '../testing/simulated-crash.ts';
import { chunkerIdOf } from './chunker-id.ts';
import { cutDocument } from './cut-document.ts';
import {
	chunkSetStore,
	chunkStore,
	documentStore,
	documentTextStore,
	indexStore,
	vectorBlockStore
} from './knowledge-records.ts';
import type { KnowledgeService } from './knowledge-service.ts';

const passages = (name: string): File =>
	new File(
		[Array.from({ length: 150 }, (_, at) => `# H${at}\n\n${name} passage ${at}`).join('\n\n')],
		name
	);

/** What a person does in an afternoon. Every step may be the last. */
async function afternoon(knowledge: KnowledgeService): Promise<void> {
	const { id: first } = await knowledge.importFile(passages('first.md'));
	const { id } = await knowledge.createIndex(indexSpec());
	for (let step = 0; step < 3; step++) {
		await knowledge.addVectors(id, wordVectors(await knowledge.missingTexts(id, 100)));
	}
	await knowledge.importFile(passages('second.md'));
	await knowledge.removeDocument(first);
	await knowledge.addVectors(id, wordVectors(await knowledge.missingTexts(id, 1000)));
	await knowledge.importFile(new File([], 'empty.md'));
	const other = await knowledge.createIndex(indexSpec('2'));
	await knowledge.addVectors(other.id, wordVectors(await knowledge.missingTexts(other.id, 10)));
	await knowledge.retireIndex(other.id, 5);
	await knowledge.collectGarbage([], 6);
}

/** Of each document all chunks of a set are there, or none; and sets only as long as an index is made of them. */
async function expectWholeChunkSets(records: MemoryRecordStore): Promise<void> {
	const chunkers = (await records.list(indexStore)).map(({ spec }) => chunkerIdOf(spec.chunker));
	const rows = await records.list(chunkSetStore);
	for (const documentId of new Set(rows.map((row) => row.documentId))) {
		const text = await records.get(documentTextStore, documentId);
		const whole = await cutDocument(documentId, text?.sections ?? [], fineChunker);
		expect(rows.filter((row) => row.documentId === documentId)).toEqual(
			whole.map((chunk) => ({ ...chunk, chunker: chunkerIdOf(fineChunker) }))
		);
	}
	expect(chunkers).toEqual(expect.arrayContaining([...new Set(rows.map((row) => row.chunker))]));
}

async function expectConsistent(records: MemoryRecordStore): Promise<void> {
	const documents = await records.list(documentStore);
	const chunks = await records.list(chunkStore);
	expect(documents.map((document) => document.state)).not.toContain('reading');
	for (const { id, state, chunkCount, error } of documents) {
		expect(chunks.filter((chunk) => chunk.documentId === id)).toHaveLength(chunkCount);
		expect((await records.get(documentTextStore, id)) !== undefined).toBe(state === 'ready');
		expect(error === null).toBe(state === 'ready');
	}
	const known = new Set(documents.map((document) => document.id));
	expect(chunks.filter((chunk) => !known.has(chunk.documentId))).toEqual([]);

	await expectWholeChunkSets(records);

	const indexes = await records.list(indexStore);
	const blocks = await records.list(vectorBlockStore);
	expect(blocks).toHaveLength(indexes.reduce((sum, index) => sum + index.blocks, 0));
	for (const { id } of indexes) {
		const hashes = blocks
			.filter((block) => block.indexId === id)
			.flatMap((block) => block.textHashes);
		expect(new Set(hashes).size).toBe(hashes.length);
	}
}

test('a tab that dies at any write leaves whole documents and whole blocks, and can go on', async () => {
	const runs = await CrashPoint.exhaust(async (crash) => {
		const records = new MemoryRecordStore();
		const dying = knowledgeOver(crash.records(records));
		await afternoon(dying).catch((error: unknown) => {
			if (!isSimulatedCrash(error)) throw error;
		});
		crash.revive();
		const knowledge = knowledgeOver(records);
		await knowledge.documents();
		await expectConsistent(records);

		await afternoon(knowledge);
		await expectConsistent(records);
		const documents = await knowledge.documents();
		expect(documents.filter((row) => row.state === 'ready').map((row) => row.name)).toEqual([
			'second.md'
		]);
		const state = await knowledge.createIndex(indexSpec());
		expect(state).toMatchObject({ texts: 150, embedded: 150 });
	});
	expect(runs).toBeGreaterThanOrEqual(28);
}, 60_000);

const fine = indexSpec('1', 32, fineChunker);
const story = (name: string): File =>
	new File([`# ${name}\n\n${`The ${name} walks through the wood. `.repeat(20)}`], `${name}.md`);

/** From an index of large chunks to one of small ones, while documents come and go. */
async function cutAnew(knowledge: KnowledgeService): Promise<void> {
	const { id } = await knowledge.createIndex(fine);
	await knowledge.addVectors(id, wordVectors(await knowledge.missingTexts(id, 3)));
	await knowledge.importFile(story('wolf'));
	const bear = (await knowledge.documents()).find(({ name }) => name === 'bear.md');
	if (bear) await knowledge.removeDocument(bear.id);
	await knowledge.addVectors(id, wordVectors(await knowledge.missingTexts(id, 1000)));
}

async function furnished(records: MemoryRecordStore): Promise<void> {
	const knowledge = knowledgeOver(records);
	for (const name of ['fox', 'bear', 'hare']) await knowledge.importFile(story(name));
	const { id } = await knowledge.createIndex(indexSpec());
	await knowledge.addVectors(id, wordVectors(await knowledge.missingTexts(id, 1000)));
}

test('a tab that dies while documents are cut anew leaves the index in use as it was, and can go on', async () => {
	const runs = await CrashPoint.exhaust(async (crash) => {
		const records = new MemoryRecordStore();
		await furnished(records);
		const vectors = await records.list(vectorBlockStore);
		const chunks = await records.list(chunkStore);
		await cutAnew(knowledgeOver(crash.records(records))).catch((error: unknown) => {
			if (!isSimulatedCrash(error)) throw error;
		});
		crash.revive();
		const knowledge = knowledgeOver(records);
		await knowledge.documents();
		await expectConsistent(records);
		await cutAnew(knowledge);
		await expectConsistent(records);

		const documents = await knowledge.documents();
		expect(documents.map(({ name }) => name).sort()).toEqual(['fox.md', 'hare.md', 'wolf.md']);
		const cut = new Set((await records.list(chunkSetStore)).map((row) => row.documentId));
		expect(cut).toEqual(new Set(documents.map((document) => document.id)));
		const texts = await knowledge.textsWith(fineChunker);
		const state = await knowledge.createIndex(fine);
		expect(state).toMatchObject({ texts, embedded: texts });
		const { id: inUse } = await knowledge.createIndex(indexSpec());
		expect(await records.list(vectorBlockStore, { prefix: [inUse] })).toEqual(vectors);
		const still = chunks.filter(({ documentId }) => cut.has(documentId));
		expect(await records.list(chunkStore)).toEqual(expect.arrayContaining(still));
	});
	expect(runs).toBeGreaterThanOrEqual(16);
}, 60_000);

test('a tab that dies while an index with chunks of its own is deleted leaves both, or neither', async () => {
	const ways: readonly ((knowledge: KnowledgeService) => Promise<unknown>)[] = [
		async (knowledge) => knowledge.dropIndex((await knowledge.createIndex(fine)).id),
		(knowledge) => knowledge.collectGarbage([], 9)
	];
	for (const way of ways) {
		const runs = await CrashPoint.exhaust(async (crash) => {
			const records = new MemoryRecordStore();
			await furnished(records);
			await cutAnew(knowledgeOver(records));
			const { id } = await knowledgeOver(records).createIndex(fine);
			await knowledgeOver(records).retireIndex(id, 5);
			await way(knowledgeOver(crash.records(records))).catch((error: unknown) => {
				if (!isSimulatedCrash(error)) throw error;
			});
			crash.revive();
			await expectConsistent(records);
			await way(knowledgeOver(records));
			await expectConsistent(records);
			expect(await records.count(chunkSetStore)).toBe(0);
			expect(await records.count(indexStore)).toBe(1);
		});
		expect(runs).toBeGreaterThanOrEqual(2);
	}
}, 60_000);
