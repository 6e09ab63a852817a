import { beforeEach, describe, expect, test } from 'vitest';
import type { IndexId, Sha256 } from '../../core/ids.ts';
import { indexIdOf } from '../../knowledge/index-spec.ts';
import type { KnowledgeApi } from '../../knowledge/knowledge-api.ts';
import type { IndexWorkshop } from '../../migration/migration-ports.ts';
import { indexSpec } from '../index-spec.ts';
import { wordVector, wordVectors } from '../knowledge-world.ts';

export interface WorkshopWorld {
	readonly workshop: IndexWorkshop & Pick<KnowledgeApi, 'collectGarbage'>;
	/** Adds a text that is one passage. */
	readonly addText: (text: string) => Promise<void>;
}

const none = 'none' as IndexId;
const nothing = { indexes: [], bytes: 0 };
const texts = ['Owls hunt mice', 'Bears catch salmon', 'Foxes steal grapes'];
const vectorBytes = 32 * Float32Array.BYTES_PER_ELEMENT;

/** What every `IndexWorkshop` does. `make`: one without texts and indexes. */
export function indexWorkshopContract(name: string, make: () => WorkshopWorld): void {
	describe(`${name} is an index workshop`, () => {
		let workshop: WorkshopWorld['workshop'];
		let addText: WorkshopWorld['addText'];

		beforeEach(async () => {
			({ workshop, addText } = make());
			for (const text of texts) await addText(text);
		});

		async function filled(revision = '1'): Promise<IndexId> {
			const { id } = await workshop.createIndex(indexSpec(revision));
			await workshop.addVectors(id, wordVectors(await workshop.missingTexts(id, 99)));
			return id;
		}

		async function hashOf(text: string): Promise<Sha256> {
			const { id } = await workshop.createIndex(indexSpec('to look up'));
			const found = (await workshop.missingTexts(id, 99)).find((row) => row.text === text);
			return found!.textHash;
		}

		test('makes an index once', async () => {
			const spec = indexSpec();
			const id = await indexIdOf(spec);
			expect(await workshop.indexState(id)).toBeNull();
			const made = await workshop.createIndex(spec);
			expect(made).toMatchObject({ id, spec, texts: 3, embedded: 0, truncated: 0 });
			await workshop.addVectors(id, wordVectors(await workshop.missingTexts(id, 1)));
			expect(await workshop.createIndex(spec)).toEqual(await workshop.indexState(id));
			expect(await workshop.indexState(id)).toMatchObject({ embedded: 1 });
		});

		test('makes another index for a rebuild from the same parts', async () => {
			const first = await filled();
			const rebuilt = await workshop.createIndex({ ...indexSpec(), generation: 1 });
			expect(rebuilt.id).not.toBe(first);
			expect(rebuilt).toMatchObject({ texts: 3, embedded: 0 });
			expect(await workshop.indexState(first)).toMatchObject({ embedded: 3 });
		});

		test('lists what is missing until nothing is', async () => {
			const { id } = await workshop.createIndex(indexSpec());
			expect(await workshop.missingTexts(id, 0)).toEqual([]);
			const first = await workshop.missingTexts(id, 2);
			expect(first).toHaveLength(2);
			await workshop.addVectors(id, wordVectors(first));
			const rest = await workshop.missingTexts(id, 99);
			expect([...first, ...rest].map(({ text }) => text).sort()).toEqual([...texts].sort());
			await workshop.addVectors(id, wordVectors(rest));
			expect(await workshop.missingTexts(id, 99)).toEqual([]);
			await addText('Hares box in March');
			expect(await workshop.missingTexts(id, 99)).toMatchObject([{ text: 'Hares box in March' }]);
		});

		test('keeps the first vector of a text, and counts those of beginnings', async () => {
			const { id } = await workshop.createIndex(indexSpec());
			const [first, second] = await workshop.missingTexts(id, 2);
			const vector = wordVector('first');
			const { textHash } = first!;
			await workshop.addVectors(id, [{ textHash, vector, truncated: true }]);
			await workshop.addVectors(id, [
				{ textHash, vector: wordVector('another') },
				{ textHash: second!.textHash, vector: wordVector('far away') }
			]);
			expect(await workshop.indexState(id)).toMatchObject({ embedded: 2, truncated: 1 });
			expect((await workshop.nearest(id, vector, 1))[0]).toEqual({
				textHash,
				score: expect.closeTo(1, 4) as number
			});
		});

		test('stores nothing of a batch with a bad vector', async () => {
			const { id } = await workshop.createIndex(indexSpec());
			const [good, bad] = wordVectors(await workshop.missingTexts(id, 2));
			for (const vector of [
				new Float32Array(32).fill(Number.NaN),
				new Float32Array(32),
				new Float32Array(31).fill(1)
			]) {
				const adding = workshop.addVectors(id, [good!, { ...bad!, vector }]);
				await expect(adding).rejects.toMatchObject({ code: 'engine/bad-output' });
			}
			expect(await workshop.indexState(id)).toMatchObject({ embedded: 0 });
		});

		test('finds the nearest texts, best first', async () => {
			const id = await filled();
			const hits = await workshop.nearest(id, wordVector('Bears catch salmon'), 2);
			expect(hits.map(({ textHash }) => textHash)[0]).toBe(await hashOf('Bears catch salmon'));
			expect(hits).toHaveLength(2);
			expect(hits[0]!.score).toBeGreaterThanOrEqual(hits[1]!.score);
		});

		test('collects a retired index after its time, unless it is kept or in use again', async () => {
			const [first, second, third] = [await filled('1'), await filled('2'), await filled('3')];
			for (const id of [first, second, third]) await workshop.retireIndex(id, 500);
			await workshop.retireIndex(third, null);
			expect(await workshop.collectGarbage([], 499)).toEqual(nothing);
			expect(await workshop.collectGarbage([second], 500)).toEqual({
				indexes: [first],
				bytes: 3 * vectorBytes
			});
			expect(await workshop.indexState(first)).toBeNull();
			await workshop.createIndex(indexSpec('2'));
			expect(await workshop.collectGarbage([], 500)).toEqual(nothing);
			expect(await workshop.indexState(second)).toMatchObject({ embedded: 3 });
			expect(await workshop.indexState(third)).toMatchObject({ embedded: 3 });
		});

		test('drops one index and no other, as often as it is asked', async () => {
			const [first, second] = [await filled('1'), await filled('2')];
			await workshop.dropIndex(first);
			await workshop.dropIndex(first);
			expect(await workshop.indexState(first)).toBeNull();
			expect(await workshop.indexState(second)).toMatchObject({ embedded: 3 });
			expect(await filled('1')).toBe(first);
		});

		test('asks questions that its texts answer, the same each time', async () => {
			const id = await filled();
			const items = await workshop.knownItems(id, 2, 7);
			expect(items).toHaveLength(2);
			const hashes = await Promise.all(texts.map(hashOf));
			for (const { query, textHash } of items) {
				expect(hashes).toContain(textHash);
				expect(query).not.toBe('');
			}
			expect(await workshop.knownItems(id, 2, 7)).toEqual(items);
		});

		test('tells where texts stand, in the order in which they are asked for', async () => {
			const id = await filled();
			const asked = [await hashOf(texts[2]!), 'gone' as Sha256, await hashOf(texts[0]!)];
			const places = await workshop.textPlaces(id, asked);
			expect(places).toMatchObject([{ text: texts[2] }, { text: texts[0] }]);
			expect(places.map(({ textHash }) => textHash)).toEqual([asked[0], asked[2]]);
			for (const { documentName, ordinal } of places)
				expect([documentName !== '', Number.isInteger(ordinal)]).toEqual([true, true]);
		});

		test('takes a text for its own counterpart where both indexes have the same chunks', async () => {
			const [first, second] = [await filled('1'), await filled('2')];
			const asked = [await hashOf(texts[1]!), await hashOf(texts[0]!)];
			expect(await workshop.counterparts(first, second, asked)).toEqual(
				asked.map((textHash) => [textHash])
			);
		});

		test('says so when there is no such index', async () => {
			const there = await filled();
			const missing = { code: 'storage/missing' };
			await expect(workshop.missingTexts(none, 1)).rejects.toMatchObject(missing);
			await expect(workshop.addVectors(none, [])).rejects.toMatchObject(missing);
			await expect(workshop.nearest(none, wordVector('x'), 1)).rejects.toMatchObject(missing);
			await expect(workshop.knownItems(none, 1, 1)).rejects.toMatchObject(missing);
			await expect(workshop.textPlaces(none, [])).rejects.toMatchObject(missing);
			await expect(workshop.counterparts(none, there, [])).rejects.toMatchObject(missing);
			await expect(workshop.counterparts(there, none, [])).rejects.toMatchObject(missing);
			await expect(workshop.retireIndex(none, null)).rejects.toMatchObject(missing);
			await expect(workshop.retireIndex(none, 5)).resolves.toBeUndefined();
		});
	});
}
