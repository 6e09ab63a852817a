import type { EmbeddingSpec, Task } from '../../core/model-spec.ts';
import type { CatalogEntry } from '../../library/catalog/catalog-entry.ts';

/** What the user may correct about a model that was found. */
export interface ModelEdits {
	readonly name: string;
	readonly task: Task;
	readonly pooling: EmbeddingSpec['pooling'];
	readonly queryPrefix: string;
	readonly passagePrefix: string;
}

/** What was found, to be corrected. */
export function editsOf({ name, tasks, embedding }: CatalogEntry): ModelEdits {
	return {
		name,
		task: tasks.includes('generate') ? 'generate' : 'embed',
		pooling: embedding?.pooling ?? 'mean',
		queryPrefix: embedding?.prefixes.query ?? '',
		passagePrefix: embedding?.prefixes.passage ?? ''
	};
}

/** The entry as corrected. One whose vectors nobody knows the length of cannot be made an embedder: it stays as found. */
export function withEdits(entry: CatalogEntry, edits: ModelEdits): CatalogEntry {
	const name = edits.name.trim() || entry.name;
	if (edits.task === 'generate') return { ...entry, name, tasks: ['generate'], embedding: null };
	if (!entry.embedding) return { ...entry, name };
	const { pooling, queryPrefix: query, passagePrefix: passage } = edits;
	const embedding = { ...entry.embedding, pooling, prefixes: { query, passage } };
	return { ...entry, name, tasks: ['embed'], embedding };
}
