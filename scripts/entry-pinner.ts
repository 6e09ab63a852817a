import { formatBytes } from '../src/lib/core/bytes.ts';
import { AppError } from '../src/lib/core/errors.ts';
import type { ModelFile, ModelSpec } from '../src/lib/core/model-spec.ts';
import type {
	CatalogEntry,
	CatalogFile,
	ModelSource
} from '../src/lib/library/catalog/catalog-entry.ts';
import { placeOfUrl, urlOfPlace } from '../src/lib/library/hub/file-place.ts';
import { freezeEntry } from '../src/lib/library/hub/freeze-entry.ts';
import type { ModelHub, PublishedFile, PublishedModel } from '../src/lib/library/hub/model-hub.ts';

export interface PinOutcome {
	readonly state: 'pinned' | 'unchanged' | 'built-in' | 'failed';
	/** For people: what has changed, or what there is to know. */
	readonly note: string;
	/** The fields to replace in the entry, when it has been pinned. */
	readonly entry?: Pick<CatalogEntry, 'revision' | 'integrity' | 'files'>;
}

/** A name for the newest commit of the main branch, whatever that is called. */
const newest = 'HEAD';

/** Pins entries of the catalog to what their publishers list now. Asks for each list once. */
export class EntryPinner {
	readonly #hub: ModelHub;
	readonly #moves: boolean;

	/** `moves`: entries that are pinned already go on to the newest commit. */
	constructor(hub: ModelHub, moves: boolean) {
		this.#hub = new RememberingHub(hub);
		this.#moves = moves;
	}

	/** Errors: those of `freezeEntry`; `hub/disagrees` when a pinned entry is not what its publisher has at that commit. */
	async pin(entry: CatalogEntry, signal: AbortSignal): Promise<PinOutcome> {
		const { integrity, source } = entry;
		if (integrity === 'built-in') return { state: 'built-in', note: '' };
		if (integrity === 'publisher')
			return pinned(entry, await this.#freeze(entry, entry.revision, signal));
		if (!source) return { state: 'unchanged', note: 'has no publisher to ask' };

		const { commit } = await this.#hub.read(source, newest, signal);
		if (this.#moves && commit !== entry.revision)
			return pinned(entry, await this.#freeze(withoutDigests(entry), commit, signal));
		const asPublished = await this.#freeze(withoutDigests(entry), entry.revision, signal);
		comparePinned(entry, asPublished.files);
		const note = commit === entry.revision ? '' : `newer: ${shortOf(commit)}, see --update`;
		return { state: 'unchanged', note };
	}

	async #freeze(entry: CatalogEntry, revision: string, signal: AbortSignal): Promise<ModelSpec> {
		const asked: CatalogEntry = { ...entry, revision, integrity: 'publisher' };
		return (await freezeEntry(asked, { hub: this.#hub }, signal)).spec;
	}
}

function pinned(entry: CatalogEntry, { revision, files }: ModelSpec): PinOutcome {
	const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
	return {
		state: 'pinned',
		note: `${shortOf(entry.revision)} → ${shortOf(revision)}, ${files.length} files, ${formatBytes(bytes)}`,
		entry: {
			revision,
			integrity: 'catalog',
			files: files.map((file) => catalogFile(entry.source, revision, file))
		}
	};
}

/** In the entry's own repository it needs no address. */
function catalogFile(source: ModelSource | null, revision: string, file: ModelFile): CatalogFile {
	const { path, url, bytes, sha256 } = file;
	const isOwn = source !== null && url === urlOfPlace({ source, revision, path });
	return { path, url: isOwn ? null : url, bytes, sha256 };
}

/** As if only the publishers knew, where they do. */
function withoutDigests(entry: CatalogEntry): CatalogEntry {
	const files = entry.files.map((file) =>
		file.url === null || placeOfUrl(file.url) ? { ...file, bytes: null, sha256: null } : file
	);
	return { ...entry, files };
}

function comparePinned({ files }: CatalogEntry, published: readonly ModelFile[]): void {
	for (const { path, bytes, sha256 } of files) {
		const there = published.find((file) => file.path === path);
		if (there?.bytes !== bytes || there.sha256 !== sha256)
			throw new AppError('hub/disagrees', { details: { path } });
	}
}

function shortOf(revision: string): string {
	return /^[0-9a-f]{40}$/.test(revision) ? revision.slice(0, 12) : revision;
}

/** Variants of one model, and the compiled libraries of all, are in the same repositories. */
class RememberingHub implements ModelHub {
	readonly #hub: ModelHub;
	readonly #lists = new Map<string, Promise<PublishedModel>>();

	constructor(hub: ModelHub) {
		this.#hub = hub;
	}

	read(source: ModelSource, revision: string, signal: AbortSignal): Promise<PublishedModel> {
		const key = `${source.host} ${source.repository} ${revision}`;
		const list = this.#lists.get(key) ?? this.#hub.read(source, revision, signal);
		this.#lists.set(key, list);
		return list;
	}

	fetchSmall(file: PublishedFile, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
		return this.#hub.fetchSmall(file, signal);
	}
}
