import type { EmbeddingSpec } from '../../core/model-spec.ts';

/** How well-known embedding models are used: copies of them in ONNX format often leave it out. */
export interface KnownEmbedder extends Pick<EmbeddingSpec, 'pooling' | 'prefixes'> {
	/** For people. */
	readonly family: string;
}

const search = 'Represent this sentence for searching relevant passages: ';

const families: readonly (KnownEmbedder & { readonly pattern: RegExp })[] = [
	family('E5', /\be5-(small|base|large)/, 'mean', 'query: ', 'passage: '),
	family('BGE M3', /\bbge-m3/, 'cls', '', ''),
	family('BGE', /\bbge-(small|base|large)-en/, 'cls', search, ''),
	family('Arctic Embed 2', /arctic-embed-[ml]-v2/, 'cls', 'query: ', ''),
	family('Arctic Embed', /arctic-embed/, 'cls', search, ''),
	family('mxbai-embed', /mxbai-embed/, 'cls', search, ''),
	family(
		'EmbeddingGemma',
		/embeddinggemma/,
		'none',
		'task: search result | query: ',
		'title: none | text: '
	),
	family('Nomic Embed', /nomic-embed-text/, 'mean', 'search_query: ', 'search_document: '),
	family('MiniLM', /minilm/, 'mean', '', ''),
	family('GTE', /\bgte-(small|base|large)$/, 'mean', '', '')
];

/** The family that a model's name tells. */
export function knownEmbedder(name: string): KnownEmbedder | undefined {
	return families.find(({ pattern }) => pattern.test(name.toLowerCase()));
}

function family(
	name: string,
	pattern: RegExp,
	pooling: EmbeddingSpec['pooling'],
	query: string,
	passage: string
): (typeof families)[number] {
	return { family: name, pattern, pooling, prefixes: { query, passage } };
}
