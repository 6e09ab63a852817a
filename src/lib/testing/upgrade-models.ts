import type { EntryId, ModelId } from '../core/ids.ts';
import type { EmbeddingSpec, ModelSpec } from '../core/model-spec.ts';
import { hashPart } from '../library/store/hash-part.ts';
import { fileBody, type KnownEntry } from './library-world.ts';

/** Where relative addresses of the catalog lead. */
export const modelHost = 'https://models.test/';

interface Described {
	readonly entry: KnownEntry;
	/** As the library freezes it. */
	readonly spec: ModelSpec;
	/** By path. */
	readonly bodies: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
}

interface Description {
	readonly id: string;
	readonly revision?: string;
	/** Of its vectors; null for a model that answers. */
	readonly dims: number | null;
	/** Sizes and seeds of its files: the same seed, the same bytes. Empty: built in. */
	readonly files: Readonly<Record<string, readonly [bytes: number, seed: number]>>;
}

const embedding = (dims: number): EmbeddingSpec => ({
	dims,
	pooling: 'mean',
	prefixes: { query: '', passage: '' },
	normalise: true,
	maxTokens: null
});

async function describe({ id, revision = 'v1', dims, files }: Description): Promise<Described> {
	const bodies = new Map(
		Object.entries(files).map(([path, [bytes, seed]]) => [path, fileBody(bytes, seed)])
	);
	const known = [...bodies].map(async ([path, body]) => ({
		path,
		url: `${id}@${revision}/${path}`,
		bytes: body.byteLength,
		sha256: await hashPart(body)
	}));
	const shared = {
		...{ name: `${id} ${revision}`, revision, engine: 'transformers', contextTokens: 4096 },
		tasks: [dims === null ? 'generate' : 'embed'] as const,
		dtype: bodies.size > 0 ? 'q8' : null,
		embedding: dims === null ? null : embedding(dims),
		files: await Promise.all(known)
	};
	const entry: KnownEntry = {
		...{ ...shared, id: id as EntryId, family: 'Test', summary: 'A model for tests.' },
		...{ licence: null, source: null, needs: [], replaces: [], parameters: null },
		...{ integrity: bodies.size > 0 ? 'catalog' : 'built-in', modelLibrary: null }
	};
	const spec = { ...shared, id: (bodies.size > 0 ? `${id}@${revision}` : id) as ModelId };
	return { entry, spec, bodies };
}

/**
 * What upgrades choose from. Parts have 4 KiB: `big` comes in three files of several parts. The revisions of `mini` share
 * a file; vectors of `mini` and `other-embed` are of one size. What has no files is built in.
 */
export const upgradeModels = await Promise.all([
	describe({ id: 'plain-chat', dims: null, files: {} }),
	describe({ id: 'other-chat', dims: null, files: {} }),
	describe({ id: 'big-chat', dims: null, files: { weights: [9000, 1], words: [3000, 2] } }),
	describe({ id: 'other-embed', dims: 16, files: {} }),
	describe({ id: 'big-embed', dims: 32, files: { weights: [6000, 3], words: [3000, 2] } }),
	describe({ id: 'mini', dims: 16, files: { weights: [5000, 4], words: [3000, 5] } }),
	describe({
		...{ id: 'mini', revision: 'v2', dims: 16 },
		files: { weights: [5000, 6], words: [3000, 5] }
	})
]);

/** What the catalog offers now, or what it offered when the first models were installed. */
export function catalogOf(when: 'now' | 'before'): readonly KnownEntry[] {
	const gone = when === 'now' ? modelIds.mini : modelIds.miniAfter;
	return upgradeModels.filter(({ spec }) => spec.id !== gone).map(({ entry }) => entry);
}

/** Ids as the library knows them. */
export const modelIds = {
	plainChat: 'plain-chat' as ModelId,
	otherChat: 'other-chat' as ModelId,
	bigChat: 'big-chat@v1' as ModelId,
	otherEmbed: 'other-embed' as ModelId,
	bigEmbed: 'big-embed@v1' as ModelId,
	mini: 'mini@v1' as ModelId,
	miniAfter: 'mini@v2' as ModelId
};
