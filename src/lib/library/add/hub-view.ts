import { formatBytes } from '../../core/bytes.ts';
import type { ModelHub, PublishedModel } from '../hub/model-hub.ts';
import { notAModel } from './not-a-model.ts';
import { maxConfigBytes, type RepositoryView } from './repository-view.ts';

/** A repository of the hub at one commit. `readSmall` asks the hub. */
export function hubView(
	{ source, commit, files, licence }: PublishedModel,
	hub: Pick<ModelHub, 'fetchSmall'>,
	signal: AbortSignal
): RepositoryView {
	const title = source.repository;
	return {
		title,
		source,
		revision: commit,
		licence: licence === null ? null : { name: licence, url: `https://huggingface.co/${title}` },
		files: files.map(({ path, bytes }) => ({ path, bytes })),
		readSmall: async (path) => {
			const file = files.find((each) => each.path === path);
			if (!file) return null;
			if (file.bytes > maxConfigBytes)
				throw notAModel(title, `${path} has ${formatBytes(file.bytes)}, too much for settings`);
			return hub.fetchSmall(file, signal);
		}
	};
}
