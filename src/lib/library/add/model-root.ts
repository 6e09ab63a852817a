import type { LocalFile } from './model-address.ts';
import { notAModel } from './not-a-model.ts';

/** Files that lie in a model's own folder and nowhere else, but for the modules of sentence transformers. */
const markers = new Set(['sam-model.json', 'mlc-chat-config.json', 'config.json']);

/**
 * The files of the one model in the chosen folder, relative to the model's own folder: people choose the folder around
 * it, too. Errors: `add/not-a-model` when there are several.
 */
export function modelRoot(files: readonly LocalFile[], title: string): readonly LocalFile[] {
	const roots = new Set(files.map(({ path }) => path).flatMap(rootOf));
	const depth = Math.min(...[...roots].map(depthOf));
	const [root, ...others] = [...roots].filter((each) => depthOf(each) === depth).sort();
	if (root === undefined || root === '') return files;
	if (others.length > 0) {
		const names = [root, ...others].map((each) => each.slice(0, -1));
		throw notAModel(title, `it holds several models (${names.join(', ')}); choose one of them`);
	}
	return files
		.filter(({ path }) => path.startsWith(root))
		.map(({ path, file }) => ({ path: path.slice(root.length), file }));
}

function rootOf(path: string): string[] {
	const at = path.lastIndexOf('/') + 1;
	const folder = path.slice(0, at);
	const isModule = /(^|\/)\d+_[^/]+\/$/.test(folder);
	return markers.has(path.slice(at)) && !isModule ? [folder] : [];
}

function depthOf(folder: string): number {
	return folder.split('/').length;
}
