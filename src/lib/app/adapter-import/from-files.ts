import type { ModelFiles } from '../../adapters/model-files.ts';
import { notPeft } from '../../adapters/peft/refusals.ts';
import { AppError } from '../../core/errors.ts';
import { spokenList } from '../../core/spoken-list.ts';
import type { LocalFile } from '../../library/add/model-address.ts';
import { adapterFolders, type AdapterFolder } from './adapter-files.ts';
import { adapterName } from './adapter-name.ts';
import type { AdapterSource } from './adapter-source.ts';
import type { FoundAdapter } from './found-adapter.ts';
import { whyNoAdapter } from './why-no-adapter.ts';

/** The adapters among files of this machine, at any depth, one at least. Errors: `adapter/not-peft`. */
export function fromFiles({
	files,
	folder: chosen
}: Extract<AdapterSource, { kind: 'files' }>): readonly FoundAdapter[] {
	const folders = adapterFolders(files);
	if (folders.length === 0) throw notPeft(whyNoAdapter(files.map(({ path }) => path)));
	return folders.map((found) => foundHere(found, chosen));
}

function foundHere(
	{ folder, files }: AdapterFolder<LocalFile>,
	chosen: string | null
): FoundAdapter {
	const all = [...files.values()];
	const place = [chosen, folder].filter(Boolean).join('/');
	return {
		folder,
		name: adapterName(place),
		source:
			place === ''
				? spokenList(
						all.map(({ file }) => file.name),
						2
					)
				: place,
		bytes: all.reduce((sum, { file }) => sum + file.size, 0),
		files: () => localFiles(files)
	};
}

function localFiles(files: ReadonlyMap<string, LocalFile>): ModelFiles {
	return {
		paths: [...files.keys()],
		open: async (path) => {
			const file = files.get(path)?.file;
			if (!file) return undefined;
			await expectUnchanged(path, file);
			return { bytes: file.size, body: file.stream() };
		}
	};
}

/** A file that was edited, moved or deleted since it was chosen fails only when it is read: better at once. */
async function expectUnchanged(path: string, file: File): Promise<void> {
	try {
		await file.slice(0, 1).arrayBuffer();
	} catch (cause) {
		const reason = 'it has been changed, moved or deleted since it was chosen';
		throw new AppError('adapter/unreadable', { cause, details: { file: path, reason } });
	}
}
