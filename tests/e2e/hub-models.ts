import { createHash } from 'node:crypto';
import type { EntryId, Sha256 } from '../../src/lib/core/ids.ts';
import type { CatalogEntry, CatalogFile } from '../../src/lib/library/catalog/catalog-entry.ts';
import type { FakeRepository } from '../fixtures/fake-hub/fake-repository.ts';
import { buildTinyBert } from '../fixtures/tiny-models/tiny-bert.ts';
import { tinyModel } from '../fixtures/tiny-models/tiny-models.ts';

const mebibyte = 2 ** 20;
/** How models are cut. */
export const partBytes = 8 * mebibyte;
/** The one large file of `bigBert`: five parts, the last one of another size. */
export const ballastBytes = 4 * partBytes + 5 * mebibyte;

/** In the catalog of the test site with integrity `publisher`: its files are known to the hub alone. */
export const hubBert: FakeRepository = {
	repository: 'sam-test/hub-bert',
	commit: 'a1'.repeat(20),
	files: new Map([
		...buildTinyBert({ hidden: 64, layers: 1, seed: 1 }),
		['README.md', new TextEncoder().encode('# Hub BERT')]
	])
};

/** What its publisher makes of it later. */
export const newerHubBert: FakeRepository = {
	...hubBert,
	commit: 'a2'.repeat(20),
	files: buildTinyBert({ hidden: 64, layers: 2, seed: 2 })
};

/** In no catalog. Two quantisations. */
export const strayBert: FakeRepository = {
	repository: 'sam-test/stray-bert',
	commit: 'c1'.repeat(20),
	licence: 'mit',
	files: new Map([
		...buildTinyBert({ hidden: 96, layers: 1, seed: 3 }),
		['onnx/model_quantized.onnx', graphOf(buildTinyBert({ hidden: 96, layers: 2, seed: 3 }))]
	])
};

let big: FakeRepository | undefined;

/** In the catalog, with the SHA-256 of every file, and large enough for its download to be interrupted. */
export function bigBert(): FakeRepository {
	big ??= {
		repository: 'sam-test/big-bert',
		commit: 'b1'.repeat(20),
		files: new Map([
			...buildTinyBert({ hidden: 64, layers: 1, seed: 4 }),
			['extra/ballast.bin', noise(ballastBytes)]
		])
	};
	return big;
}

const deepBerts = new Map<number, FakeRepository>();
export const deepBertCount = 8;

/** Models for the tests that take minutes, in the catalog of the test site only then: two parts each, none like another. */
export function deepBert(number: number): FakeRepository {
	const made = deepBerts.get(number) ?? {
		repository: `sam-test/deep-bert-${number}`,
		commit: `d${number}`.repeat(20),
		files: new Map([
			...buildTinyBert({ hidden: 64, layers: 1, seed: 10 + number }),
			['extra/ballast.bin', noise(partBytes + 4 * mebibyte, number)]
		])
	};
	deepBerts.set(number, made);
	return made;
}

export function deepBertNumbers(): number[] {
	return process.env.SAM_DEEP === '1' ? Array.from({ length: deepBertCount }, (_, i) => i + 1) : [];
}

/** What the catalog of the test site offers of the hub. */
export function hubCatalogEntries(): CatalogEntry[] {
	const paths = ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'onnx/model.onnx'];
	return [
		{
			...entryOf('hub-bert', 'Hub BERT', hubBert),
			revision: 'main',
			integrity: 'publisher',
			files: paths.map((path) => ({ path, url: null, bytes: null, sha256: null }))
		},
		{
			...entryOf('big-bert', 'Big BERT', bigBert()),
			files: [...bigBert().files].map(([path, bytes]) => statedFile(path, bytes))
		},
		...deepBertNumbers().map((number) => ({
			...entryOf(`deep-bert-${number}`, `Deep BERT ${number}`, deepBert(number)),
			files: [...deepBert(number).files].map(([path, bytes]) => statedFile(path, bytes))
		}))
	];
}

function entryOf(
	id: string,
	name: string,
	{ repository, commit }: FakeRepository
): Omit<CatalogEntry, 'files'> {
	return {
		...tinyModel('tiny-bert-64').entry,
		...{ id: id as EntryId, name, revision: commit },
		summary: 'Lies on a model hub. For tests of the library.',
		source: { host: 'huggingface', repository }
	};
}

function statedFile(path: string, bytes: Uint8Array): CatalogFile {
	const sha256 = createHash('sha256').update(bytes).digest('hex') as Sha256;
	return { path, url: null, bytes: bytes.byteLength, sha256 };
}

function graphOf(files: FakeRepository['files']): Uint8Array {
	const graph = files.get('onnx/model.onnx');
	if (!graph) throw new Error('A tiny BERT has a graph.');
	return graph;
}

/** Bytes that are the same at each run, and in no two places. */
function noise(bytes: number, seed = 1): Uint8Array {
	const words = new Uint32Array(bytes / 4);
	let state = seed;
	for (let at = 0; at < words.length; at += 1) {
		state ^= state << 13;
		state ^= state >>> 17;
		state ^= state << 5;
		words[at] = state;
	}
	return new Uint8Array(words.buffer);
}
