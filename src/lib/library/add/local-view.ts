import { formatBytes } from '../../core/bytes.ts';
import type { LocalFile } from './model-address.ts';
import { notAModel } from './not-a-model.ts';
import { readLocal } from './read-local.ts';
import { maxConfigBytes, type RepositoryView } from './repository-view.ts';

/** Files of this machine, with the model's own folder as the root: see `modelRoot`. */
export function localView(files: readonly LocalFile[], title: string): RepositoryView {
	return {
		title,
		source: null,
		revision: 'local',
		licence: null,
		files: files.map(({ path, file }) => ({ path, bytes: file.size })),
		readSmall: async (path) => {
			const local = files.find((each) => each.path === path);
			if (!local) return null;
			if (local.file.size > maxConfigBytes)
				throw notAModel(
					title,
					`${path} has ${formatBytes(local.file.size)}, too much for settings`
				);
			return readLocal(local, title);
		}
	};
}
