import { throwIfAborted } from '../../core/abort.ts';
import type { FoundVariants } from './found-variants.ts';
import { mlcVariants } from './mlc-variants.ts';
import type { FindModelLibrary } from './model-libraries.ts';
import { notAModel } from './not-a-model.ts';
import { onnxVariants } from './onnx-variants.ts';
import type { RepositoryView } from './repository-view.ts';
import { whyNotAModel } from './why-not-a-model.ts';

/**
 * The quantisations of the model in a place, with exactly the files that its engine reads. Reads configuration alone.
 * Errors: `add/not-a-model` with the exact reason, those of the view, `cancelled`.
 */
export async function findVariants(
	view: RepositoryView,
	findLibrary: FindModelLibrary,
	signal: AbortSignal
): Promise<FoundVariants> {
	throwIfAborted(signal);
	const paths = view.files.map(({ path }) => path);
	if (paths.includes('mlc-chat-config.json')) return mlcVariants(view, findLibrary);
	if (paths.some((path) => /^onnx\/[^/]+\.onnx$/.test(path))) return onnxVariants(view);
	throw notAModel(view.title, whyNotAModel(paths));
}
