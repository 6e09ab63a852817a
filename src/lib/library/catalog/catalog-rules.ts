import type { Integrity } from './catalog-entry.ts';

/** What is wrong, and where: an issue of the schema but for its code. */
export interface CatalogFault {
	readonly path: (string | number)[];
	readonly message: string;
}

interface RuledFile {
	readonly path: string;
	readonly url: string | null;
	readonly bytes: number | null;
	readonly sha256: string | null;
}

interface RuledEntry {
	readonly id: string;
	readonly engine: string;
	readonly tasks: readonly string[];
	readonly embedding: object | null;
	readonly source: object | null;
	readonly revision: string;
	readonly integrity: Integrity;
	readonly files: readonly RuledFile[];
	readonly replaces: readonly string[];
	readonly modelLibrary: { readonly path: string } | null;
}

/** What no single field can tell: fields of an entry that contradict one another. */
export function entryFaults(entry: RuledEntry): CatalogFault[] {
	return [
		...embeddingFaults(entry),
		...integrityFaults(entry),
		...originFaults(entry),
		...entry.files.flatMap((file, index) => [...fileFaults(entry, file, index)]),
		...libraryFaults(entry)
	];
}

/** Entries name only others of the same catalog as those that they replace. */
export function replacementFaults(entries: readonly RuledEntry[]): CatalogFault[] {
	const ids = new Set(entries.map(({ id }) => id));
	return entries.flatMap(({ id, replaces }, at) =>
		replaces.flatMap((other, index) => {
			const path = ['models', at, 'replaces', index];
			if (other === id) return [{ path, message: 'must not be the model itself' }];
			return ids.has(other) ? [] : [{ path, message: 'must be the id of a model of the catalog' }];
		})
	);
}

function* embeddingFaults({ tasks, embedding }: RuledEntry): Generator<CatalogFault> {
	if (tasks.includes('embed') !== (embedding !== null))
		yield {
			path: ['embedding'],
			message: 'must be given for models that embed, and null for all others'
		};
}

function* integrityFaults({ integrity, files }: RuledEntry): Generator<CatalogFault> {
	if (integrity === 'built-in' && files.length > 0)
		yield { path: ['files'], message: 'must be empty, because the integrity is "built-in"' };
	if (integrity !== 'built-in' && files.length === 0)
		yield { path: ['integrity'], message: 'must be "built-in", because there are no files' };
}

function* originFaults(entry: RuledEntry): Generator<CatalogFault> {
	const { integrity, files, source, revision } = entry;
	const needsSource = integrity === 'publisher' || files.some(({ url }) => url === null);
	if (needsSource && integrity !== 'built-in' && source === null)
		yield { path: ['source'], message: 'must say whose repository the files are from' };
	const isPinned = /^[0-9a-f]{40}$/.test(revision) || files.every(({ url }) => url !== null);
	if (integrity === 'catalog' && !isPinned)
		yield {
			path: ['revision'],
			message: 'must be a commit of 40 hex characters, because the integrity is "catalog"'
		};
}

function* fileFaults(
	{ integrity }: RuledEntry,
	file: RuledFile,
	index: number
): Generator<CatalogFault> {
	const at = ['files', index];
	const isPattern = file.path.includes('*');
	if (integrity === 'catalog') {
		const reason = 'must be given, because the integrity is "catalog"';
		if (file.bytes === null) yield { path: [...at, 'bytes'], message: reason };
		if (file.sha256 === null) yield { path: [...at, 'sha256'], message: reason };
		if (isPattern)
			yield { path: [...at, 'path'], message: 'must name one file: * is for the publisher' };
	} else if (isPattern) {
		for (const key of ['url', 'bytes', 'sha256'] as const)
			if (file[key] !== null)
				yield { path: [...at, key], message: 'must be null, because the path has a *' };
	}
	if (file.sha256 !== null && file.bytes === null && integrity !== 'catalog')
		yield { path: [...at, 'bytes'], message: 'must be given where the digest is' };
}

function* libraryFaults({ engine, files, modelLibrary }: RuledEntry): Generator<CatalogFault> {
	if (engine === 'webllm' && modelLibrary === null)
		yield { path: ['modelLibrary'], message: 'must be given for the engine "webllm"' };
	if (modelLibrary && !files.some(({ path }) => path === modelLibrary.path))
		yield { path: ['modelLibrary', 'path'], message: 'must be the path of one of the files' };
}
