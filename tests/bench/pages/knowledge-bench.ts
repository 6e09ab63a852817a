import { AppError } from '../../../src/lib/core/errors.ts';
import type { IndexId, ModelId } from '../../../src/lib/core/ids.ts';
import { defaultChunker, type IndexSpec } from '../../../src/lib/knowledge/index-spec.ts';
import { KnowledgeClient } from '../../../src/lib/knowledge/knowledge-client.ts';
import { SystemClock } from '../../../src/lib/platform/system-clock.ts';

const dims = 384;
const batchSize = 32;
const windowSize = 256;
const passagesPerDocument = 500;
const clock = new SystemClock();

const spec: IndexSpec = {
	...{ version: 1, engine: 'bench', model: 'bench' as ModelId, revision: '1', dtype: null },
	embedding: {
		...{ dims, pooling: 'mean', normalise: true, maxTokens: null },
		prefixes: { query: '', passage: '' }
	},
	...{ chunker: defaultChunker, metric: 'cosine' }
};

const knowledge = new KnowledgeClient({
	spawn: () =>
		new Worker(new URL('../../../src/workers/knowledge.worker.ts', import.meta.url), {
			type: 'module'
		}),
	sleep: (ms, signal) => clock.sleep(ms, signal)
});

/** What the benches of indexes ask of a page. */
export const knowledgeBench = {
	/** Adds documents with so many passages in all, through the app's own import. */
	async add(passages: number): Promise<void> {
		for (let first = 0; first < passages; first += passagesPerDocument) {
			const count = Math.min(passagesPerDocument, passages - first);
			const sections = Array.from({ length: count }, (_, at) => passage(first + at));
			await knowledge.importFile(new File([sections.join('\n\n')], `${first}.md`));
		}
	},

	/** Makes an empty index. Returns how many texts it lacks. */
	async createIndex(): Promise<number> {
		return (await knowledge.createIndex(spec)).texts;
	},

	/** Gives every text a vector, in batches as the app does, asking for the state after each. Returns milliseconds. */
	async fill(): Promise<number> {
		const { id } = await knowledge.createIndex(spec);
		const start = performance.now();
		for (;;) {
			const missing = await knowledge.missingTexts(id, windowSize);
			if (missing.length === 0) break;
			for (let at = 0; at < missing.length; at += batchSize) {
				const rows = missing
					.slice(at, at + batchSize)
					.map(({ textHash }) => ({ textHash, vector: madeUpVector() }));
				await knowledge.addVectors(id, rows);
				await knowledge.indexState(id);
			}
		}
		const took = performance.now() - start;
		await expectWhole(id);
		return took;
	}
};

async function expectWhole(id: IndexId): Promise<void> {
	const state = await knowledge.indexState(id);
	if (state && state.texts > 0 && state.texts === state.embedded) return;
	throw new AppError('bug', { details: { reason: 'the index is not whole' } });
}

function passage(number: number): string {
	const words = Array.from({ length: 12 }, (_, at) => `word${(number * 31 + at * 977) % 5000}`);
	return `# Part ${number}\n\nPassage ${number}: ${words.join(' ')}.`;
}

function madeUpVector(): Float32Array {
	return Float32Array.from({ length: dims }, () => Math.random() - 0.5);
}
