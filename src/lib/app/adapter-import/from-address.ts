import { peftLimits } from '../../adapters/peft/peft-limits.ts';
import { notPeft } from '../../adapters/peft/refusals.ts';
import { AppError, hasCode } from '../../core/errors.ts';
import type { FoundFiles, ListedFile } from '../../library/files/listed-file.ts';
import type { ModelLibrary } from '../../library/model-library.ts';
import { adapterFolders, likelyAdapterFiles, type AdapterFolder } from './adapter-files.ts';
import { adapterName } from './adapter-name.ts';
import { bytesOf, FetchedFiles } from './fetched-files.ts';
import type { FoundAdapter } from './found-adapter.ts';
import { whyNoAdapter } from './why-no-adapter.ts';

type Library = Pick<ModelLibrary, 'findFiles' | 'fetchFile'>;

/**
 * The adapters at an address of the hub or of the web, one at least. Weights are not fetched yet.
 * Errors: `adapter/bad-address`, `adapter/not-peft`, those of `ModelLibrary.findFiles`.
 */
export async function fromAddress(
	address: string,
	library: Library,
	signal: AbortSignal
): Promise<readonly FoundAdapter[]> {
	const found = await library
		.findFiles(address, likelyAdapterFiles, signal)
		.catch((error: unknown) => {
			throw hasCode(error, 'add/bad-address')
				? new AppError('adapter/bad-address', { details: error.details, cause: error })
				: error;
		});
	const { folder: asked, commit } = found;
	const inside = found.files.filter(({ path }) => asked === '' || path.startsWith(`${asked}/`));
	const files = commit === null ? await withShards(inside, library, signal) : inside;
	const folders = adapterFolders(files);
	const where = asked === '' ? `at ${found.title}` : `in ${asked} of ${found.title}`;
	if (folders.length === 0)
		throw notPeft(
			whyNoAdapter(
				inside.map(({ path }) => path),
				where
			)
		);
	return folders.map((folder) => foundThere(folder, found, library));
}

function foundThere(
	{ folder, files }: AdapterFolder<ListedFile>,
	{ title, commit }: FoundFiles,
	library: Library
): FoundAdapter {
	const place = [title, folder].filter(Boolean).join('/');
	const fetched = new FetchedFiles(files, library);
	return {
		folder,
		name: adapterName(place),
		source: commit === null ? place : `${place} @ ${commit.slice(0, 12)}`,
		bytes: bytesOf([...files.values()]),
		files: (onBytes, signal) => fetched.filesFor(onBytes, signal)
	};
}

/** A folder of the web is not listed: which files its weights are spread over stands in their index. */
async function withShards(
	files: readonly ListedFile[],
	library: Library,
	signal: AbortSignal
): Promise<readonly ListedFile[]> {
	const index = files.find(({ path }) => path.endsWith('.index.json'));
	if (!index || files.some(({ path }) => path === 'adapter_model.safetensors')) return files;
	const blob = await library.fetchFile(index, peftLimits.indexBytes, () => undefined, signal);
	const folder = index.url.slice(0, index.url.lastIndexOf('/') + 1);
	const unknown = { bytes: null, sha256: null, gitBlob: null };
	const shards = shardNames(await blob.text()).map((path) => ({
		...{ path, url: folder + encodeURIComponent(path) },
		...unknown
	}));
	return [...files, ...shards];
}

/** Of those that can be files beside the index. What is wrong with it is told when the adapter is read. */
function shardNames(text: string): readonly string[] {
	try {
		const { weight_map: map } = JSON.parse(text) as { weight_map?: unknown };
		const names = new Set<unknown>(Object.values(map ?? {}));
		return [...names]
			.filter((name) => typeof name === 'string')
			.filter((name) => /^[\w.-]+\.safetensors$/.test(name))
			.slice(0, peftLimits.shards + 1);
	} catch {
		return [];
	}
}
