import { expect, test } from 'vitest';
import { CrashPoint } from '../testing/crash-point.ts';
import { indexSpec } from '../testing/index-spec.ts';
import { knowledgeOver, wordVectors } from '../testing/knowledge-world.ts';
import { MemoryRecordStore } from '../testing/memory-record-store.ts';
import { isSimulatedCrash } from '../testing/simulated-crash.ts';
import {
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
});
