import type { LocalFile } from './model-address.ts';

/**
 * The files of a file input, without hidden ones: of a folder, relative to it. Of files that were chosen one by one,
 * graphs and their data are taken to lie in `onnx`, where every model has them.
 */
export function toLocalFiles(files: Iterable<File>): LocalFile[] {
	return [...files]
		.map((file) => ({ path: pathOf(file), file }))
		.filter(({ path }) => !path.split('/').some((part) => part.startsWith('.')));
}

function pathOf(file: File): string {
	// Absent outside of browsers.
	const inFolder = (file as { webkitRelativePath?: string }).webkitRelativePath ?? '';
	if (inFolder !== '') return inFolder.slice(inFolder.indexOf('/') + 1);
	return /\.onnx(_data(_\d+)?)?$/.test(file.name) ? `onnx/${file.name}` : file.name;
}
