import { throwIfAborted } from '../../core/abort.ts';
import { AppError } from '../../core/errors.ts';
import type { Sha256 } from '../../core/ids.ts';
import type { ModelFile } from '../../core/model-spec.ts';
import { hashText } from '../../core/text-hash.ts';
import type { HasherFactory } from '../../ports/hasher.ts';
import type { CatalogEntry, CatalogFile } from '../catalog/catalog-entry.ts';
import type { FrozenModel } from '../frozen-model.ts';
import { freezeEntry } from '../hub/freeze-entry.ts';
import type { ModelHub } from '../hub/model-hub.ts';
import { modelIdOf } from '../model-id.ts';
import type { OnBytes } from '../model-library.ts';
import { localUrl } from './local-url.ts';
import type { LocalFile } from './model-address.ts';
import { readLocal } from './read-local.ts';

export interface LocalFreezeOptions {
	readonly files: readonly LocalFile[];
	readonly hashers: HasherFactory;
	readonly hub: ModelHub;
	/** Where the same bytes may be known already. */
	readonly catalog: readonly CatalogEntry[];
}

/** Read at a time: enough to keep the hash busy, little to hold. */
const pieceBytes = 4 * 1024 * 1024;

/**
 * Pins a model of this machine by hashing its files; those with an address stay there. The same bytes as those of a
 * catalog's entry are that entry's model, under its name and settings. `onBytes` hears the bytes hashed.
 * Errors: `add/files-needed` for a file that is not there, `add/wrong-files`, `cancelled`.
 */
export async function freezeLocal(
	entry: CatalogEntry,
	options: LocalFreezeOptions,
	onBytes: OnBytes,
	signal: AbortSignal
): Promise<FrozenModel> {
	const hashed = await hashFiles(entry, options, onBytes, signal);
	const elsewhere = entry.files.filter(({ url }) => url !== null);
	const kept = await Promise.all(elsewhere.map((file) => freezeElsewhere(file, options, signal)));
	const same = options.catalog.find((known) => isSame(known, hashed));
	const owner = same ?? { ...entry, revision: await localRevision(hashed) };
	const id = modelIdOf(owner, owner.revision);
	const paths = new Set(owner.files.map(({ path }) => path));
	const local = hashed
		.filter(({ path }) => paths.has(path))
		.map((file) => ({ ...file, url: localUrl(id, file.path) }));
	const frozen = await freezeEntry(
		{ ...owner, files: [...local, ...kept], integrity: 'catalog' },
		{ hub: options.hub, origin: 'files' },
		signal
	);
	const integrity = same ? 'catalog' : 'computed';
	return { ...frozen, about: { ...frozen.about, integrity } };
}

/** Names the content: `local-` and the first 12 characters of the SHA-256 over the sorted `path sha256` lines. */
export async function localRevision(
	files: readonly { readonly path: string; readonly sha256: Sha256 }[]
): Promise<string> {
	const lines = files.map(({ path, sha256 }) => `${path} ${sha256}`).sort();
	return `local-${(await hashText(lines.join('\n'))).slice(0, 12)}`;
}

type HashedFile = Omit<ModelFile, 'url'>;

async function hashFiles(
	entry: CatalogEntry,
	{ files, hashers }: LocalFreezeOptions,
	onBytes: OnBytes,
	signal: AbortSignal
): Promise<HashedFile[]> {
	const own = entry.files.filter(({ url }) => url === null);
	const locals = own.map(({ path }) => {
		const local = files.find((each) => each.path === path);
		if (!local) throw new AppError('add/files-needed', { details: { name: entry.name } });
		return local;
	});
	const total = locals.reduce((sum, { file }) => sum + file.size, 0);
	const hashed: HashedFile[] = [];
	let done = 0;
	for (const local of locals) {
		const hasher = await hashers.create();
		for (let from = 0; from < local.file.size; from += pieceBytes) {
			throwIfAborted(signal);
			const until = Math.min(from + pieceBytes, local.file.size);
			await hasher.update(await readLocal(local, entry.name, from, until));
			onBytes((done += until - from), total);
		}
		hashed.push({ path: local.path, bytes: local.file.size, sha256: await hasher.digest() });
	}
	return hashed;
}

/** Compiled code of the catalog: what is not stated is asked of its publisher. */
async function freezeElsewhere(
	file: CatalogFile,
	{ catalog, hub }: LocalFreezeOptions,
	signal: AbortSignal
): Promise<CatalogFile> {
	if (file.bytes !== null && file.sha256 !== null) return file;
	const owner = catalog.find(({ files }) => files.some(({ url }) => url === file.url));
	if (!owner)
		throw new AppError('hub/file-missing', { details: { repository: '', path: file.path } });
	const { spec } = await freezeEntry({ ...owner, files: [file] }, { hub }, signal);
	return spec.files[0] ?? file;
}

/** True when every byte of the catalog's entry is among the files, and stated by the catalog itself. */
function isSame(known: CatalogEntry, hashed: readonly HashedFile[]): boolean {
	const digests = new Map(hashed.map(({ path, sha256 }) => [path, sha256]));
	return (
		known.integrity === 'catalog' &&
		known.files.length > 0 &&
		known.files.every(({ path, sha256 }) => sha256 !== null && digests.get(path) === sha256)
	);
}
