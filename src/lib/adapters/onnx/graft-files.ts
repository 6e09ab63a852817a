import { AppError } from '../../core/errors.ts';
import type { AdaptedFiles } from '../adapted-files.ts';
import type { AppliedAdapter } from '../applied-adapter.ts';
import type { ModelFiles } from '../model-files.ts';

/** The files of an ONNX model. Errors: `adapter/engine`: this version grafts into none. */
export function graftFiles(
	_files: ModelFiles,
	_adapters: readonly AppliedAdapter[],
	modelName: string
): Promise<AdaptedFiles> {
	const reason = 'this version of SAM does not graft adapters into ONNX graphs';
	const instead = 'Switch the adapter off in the Tuner.';
	return Promise.reject(
		new AppError('adapter/engine', { details: { engine: modelName, reason, instead } })
	);
}
