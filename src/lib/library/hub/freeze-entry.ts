import { toHex } from '../../core/bytes.ts';
import { AppError } from '../../core/errors.ts';
import type { Sha256 } from '../../core/ids.ts';
import type { ModelFile, ModelSpec } from '../../core/model-spec.ts';
import type { CatalogEntry, CatalogFile } from '../catalog/catalog-entry.ts';
import type { FrozenModel, ModelAbout } from '../frozen-model.ts';
import { modelIdOf } from '../model-id.ts';
import { placeOfUrl, urlOfPlace, type FilePlace } from './file-place.ts';
import { matchPath } from './match-path.ts';
import type { ModelHub, PublishedFile, PublishedModel } from './model-hub.ts';
import type { PrefetchedFiles } from './prefetched-files.ts';

export interface FreezeOptions {
	readonly hub: ModelHub;
	/** Where the entry is from. Default `catalog`. */
	readonly origin?: ModelAbout['origin'];
	/** Takes what had to be read to learn its SHA-256. */
	readonly prefetched?: PrefetchedFiles;
}

/**
 * Pins an entry to the byte. Only one that leaves it to its publisher needs the network: its repository is listed, and
 * small files without a SHA-256 are read. Relative addresses stay relative.
 * Errors: those of `ModelHub`; `hub/file-missing` for a file or pattern that the publisher lists nothing for;
 * `hub/disagrees` where the entry states other bytes than the publisher; `catalog/invalid` when nobody states them.
 */
export async function freezeEntry(
	entry: CatalogEntry,
	options: FreezeOptions,
	signal: AbortSignal
): Promise<FrozenModel> {
	if (entry.integrity !== 'publisher')
		return frozen(entry, entry.revision, entry.files.map(statedBy(entry)), options);
	if (!entry.source) throw invalid(entry, 'names no publisher');
	const reader = new PublisherReader(options, signal);
	const published = await reader.list(entry.source, entry.revision);
	const files = await Promise.all(
		entry.files.map((file) =>
			file.url === null
				? reader.freezeMatches(published, file)
				: reader.freezeElsewhere(file, file.url, statedBy(entry))
		)
	);
	return frozen(entry, published.commit, withoutRepeats(files.flat()), options);
}

function frozen(
	entry: CatalogEntry,
	revision: string,
	files: readonly ModelFile[],
	{ origin = 'catalog' }: FreezeOptions
): FrozenModel {
	const { name, engine, tasks, contextTokens, dtype, embedding, modelLibrary, reasoning } = entry;
	const { family, summary, parameters, needs, replaces, licence, source, integrity } = entry;
	const library = files.find(({ path }) => path === modelLibrary?.path);
	const spec: ModelSpec = {
		id: modelIdOf(entry, revision, library?.sha256),
		...{ name, engine, revision, tasks, contextTokens, dtype, embedding, files },
		...(modelLibrary && { modelLibrary }),
		...(reasoning && { reasoning })
	};
	const about = { entry: entry.id, family, summary, parameters, needs, replaces, licence, source };
	return { spec, about: { ...about, origin, integrity } };
}

/** Asks publishers, each list once. */
class PublisherReader {
	readonly #hub: ModelHub;
	readonly #prefetched: PrefetchedFiles | undefined;
	readonly #signal: AbortSignal;
	readonly #lists = new Map<string, Promise<PublishedModel>>();

	constructor({ hub, prefetched }: FreezeOptions, signal: AbortSignal) {
		this.#hub = hub;
		this.#prefetched = prefetched;
		this.#signal = signal;
	}

	list(source: FilePlace['source'], revision: string): Promise<PublishedModel> {
		const key = `${source.host} ${source.repository} ${revision}`;
		const list = this.#lists.get(key) ?? this.#hub.read(source, revision, this.#signal);
		this.#lists.set(key, list);
		return list;
	}

	/** The files of the list that the path, or pattern, means. */
	freezeMatches({ source, files }: PublishedModel, wanted: CatalogFile): Promise<ModelFile[]> {
		const matches = files.filter(({ path }) => matchPath(wanted.path, path));
		if (matches.length === 0) throw missing(source.repository, wanted.path);
		return Promise.all(matches.map((file) => this.#freeze(file, file.path, wanted)));
	}

	/**
	 * A file with an address of its own. Hosts are not asked about one whose bytes are stated and cannot change there,
	 * nor about one that lies where nobody tells digests.
	 */
	async freezeElsewhere(
		wanted: CatalogFile,
		url: string,
		stated: (file: CatalogFile) => ModelFile
	): Promise<ModelFile> {
		const place = placeOfUrl(url);
		const isPinned = place !== null && /^[0-9a-f]{40}$/.test(place.revision);
		if (!place || (isPinned && wanted.bytes !== null && wanted.sha256 !== null))
			return stated(wanted);
		const { files } = await this.list(place.source, place.revision);
		const file = files.find(({ path }) => path === place.path);
		if (!file) throw missing(place.source.repository, place.path);
		return this.#freeze(file, wanted.path, wanted);
	}

	async #freeze(file: PublishedFile, path: string, wanted: CatalogFile): Promise<ModelFile> {
		const { bytes, url } = file;
		const disagrees = (): AppError => new AppError('hub/disagrees', { details: { path } });
		if (wanted.bytes !== null && wanted.bytes !== bytes) throw disagrees();
		const sha256 = file.sha256 ?? (await this.#digestOf(file));
		if (wanted.sha256 !== null && wanted.sha256 !== sha256) throw disagrees();
		return { path, url, bytes, sha256 };
	}

	async #digestOf(file: PublishedFile): Promise<Sha256> {
		const bytes = await this.#hub.fetchSmall(file, this.#signal);
		this.#prefetched?.keep(file.url, bytes);
		return toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))) as Sha256;
	}
}

/** Makes a file of what the entry itself states of it. */
function statedBy(entry: CatalogEntry): (file: CatalogFile) => ModelFile {
	return ({ path, url, bytes, sha256 }) => {
		if (bytes === null || sha256 === null) throw invalid(entry, `has no SHA-256 for ${path}`);
		if (url !== null) return { path, url, bytes, sha256 };
		if (!entry.source) throw invalid(entry, `does not say where ${path} is`);
		const place = { source: entry.source, revision: entry.revision, path };
		return { path, url: urlOfPlace(place), bytes, sha256 };
	};
}

/** Two patterns may mean the same file. */
function withoutRepeats(files: readonly ModelFile[]): ModelFile[] {
	return [...new Map(files.map((file) => [file.path, file])).values()];
}

function missing(repository: string, path: string): AppError {
	return new AppError('hub/file-missing', { details: { repository, path } });
}

function invalid({ id }: CatalogEntry, fault: string): AppError {
	return new AppError('catalog/invalid', { details: { reason: `${id} ${fault}` } });
}
