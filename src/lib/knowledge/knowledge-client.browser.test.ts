import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Database } from '../platform/database.ts';
import { SystemClock } from '../platform/system-clock.ts';
import { indexSpec } from '../testing/index-spec.ts';
import { randomVectors } from '../testing/random-vectors.ts';
import { encryptedPdf, pdfText, tinyPdf } from '../testing/tiny-pdf.ts';
import { KnowledgeClient } from './knowledge-client.ts';
import KnowledgeWorker from '../../workers/knowledge.worker.ts?worker';

const clock = new SystemClock();
const dims = 384;
const spec = indexSpec('1', dims);

let workers: Worker[] = [];
const knowledge = new KnowledgeClient({
	spawn: () => {
		const worker = new KnowledgeWorker();
		workers.push(worker);
		return worker;
	},
	sleep: (ms, signal) => clock.sleep(ms, signal)
});

async function deleteDatabase(): Promise<void> {
	knowledge.terminate();
	const { promise, resolve, reject } = Promise.withResolvers<undefined>();
	const request = indexedDB.deleteDatabase('sam');
	request.onsuccess = () => resolve(undefined);
	request.onerror = () => reject(new Error('the database could not be deleted'));
	await promise;
}

beforeAll(deleteDatabase);
afterAll(deleteDatabase);

const add = (name: string, content: BlobPart) => knowledge.importFile(new File([content], name));
const find = async (text: string) =>
	(await knowledge.search({ text, vector: null, indexId: null, limit: 3 })).map(
		(hit) => hit.documentName
	);

describe('the knowledge service in its worker', () => {
	test('reads a file of each kind', async () => {
		const pdf = tinyPdf([pdfText(['The heron waits', 'in the reeds.']), pdfText(['Page two.'])]);
		const rows = await Promise.all([
			add('owls.md', '# Owls\n\nThe owl hunts mice.'),
			add('tea.txt', 'Green tea is steamed.'),
			add('volcano.html', '<title>Etna</title><p>The volcano erupted.'),
			add('birds.pdf', pdf)
		]);
		expect(rows.map((row) => [row.name, row.state, row.kind, row.pages])).toEqual([
			['owls.md', 'ready', 'markdown', null],
			['tea.txt', 'ready', 'text', null],
			['volcano.html', 'ready', 'html', null],
			['birds.pdf', 'ready', 'pdf', 2]
		]);
		expect(await find('heron reeds')).toEqual(['birds.pdf']);
		expect(await find('volcano')).toEqual(['volcano.html']);
	});

	test('says why a file cannot be read', async () => {
		const broken = tinyPdf([pdfText(['text'])]).slice(0, 200);
		const rows = await Promise.all([
			add('locked.pdf', encryptedPdf()),
			add('scan.pdf', tinyPdf([[]])),
			add('nothing.pdf', '%PDF-1.7'),
			add(
				'garbage.md',
				Uint8Array.from({ length: 99 }, (_, index) => index)
			),
			add('cut.pdf', broken)
		]);
		expect(rows.map((row) => row.error?.code)).toEqual([
			'document/encrypted',
			'document/empty',
			'document/unreadable',
			'document/unsupported',
			expect.stringMatching(/^document\/(unreadable|empty)$/)
		]);
	});

	test('fills an index, searches it through Voy, and finds all again in a new worker', async () => {
		const sections = Array.from({ length: 300 }, (_, at) => `# H${at}\n\nPassage ${at}.`);
		await add('many.md', sections.join('\n\n'));
		const { id } = await knowledge.createIndex(spec);
		const texts = await knowledge.missingTexts(id, 1000);
		const vectors = randomVectors(texts.length, dims);
		const rows = texts.map(({ textHash }, at) => ({ textHash, vector: vectors[at]! }));
		await knowledge.addVectors(id, rows);
		const ask = async (at: number) => (await knowledge.nearest(id, vectors[at]!, 3))[0]?.textHash;
		expect(await ask(42)).toBe(texts[42]?.textHash);
		expect(await knowledge.indexState(id)).toMatchObject({
			texts: texts.length,
			embedded: texts.length,
			search: 'voy'
		});
		const before = workers.length;
		knowledge.terminate();
		expect(await ask(43)).toBe(texts[43]?.textHash);
		expect(workers.length).toBe(before + 1);
		expect(await find('owl')).toEqual(['owls.md']);
	});

	test('errors keep their code on the way', async () => {
		const request = { text: '', vector: new Float32Array(3), limit: 1 };
		const { id } = await knowledge.createIndex(spec);
		await expect(knowledge.search({ ...request, indexId: id })).rejects.toMatchObject({
			code: 'index/mismatch'
		});
	});

	test('an import that was cut off shows as failed, and can be made again', async () => {
		const content = Array.from({ length: 20_000 }, (_, at) => `Line ${at} of the log.`).join(
			'\n\n'
		);
		const importing = add('long.txt', content);
		importing.catch(() => undefined);
		const database = new Database();
		const db = await database.open();
		const isReading = async () =>
			((await db.getAll('documents')) as { state: string }[]).some(
				(row) => row.state === 'reading'
			);
		while (!(await isReading())) await clock.sleep(1);
		knowledge.terminate();
		await expect(importing).rejects.toMatchObject({ code: 'wire/worker-died' });
		await database.close();

		const rows = await knowledge.documents();
		expect(rows.find((row) => row.name === 'long.txt')).toMatchObject({
			state: 'failed',
			error: { code: 'document/interrupted' }
		});
		expect(await add('long.txt', content)).toMatchObject({ state: 'ready' });
		workers = [];
	});
});
