import { AppError } from '../../core/errors.ts';
import type { AdaptedFiles } from '../adapted-files.ts';
import type { AppliedAdapter } from '../applied-adapter.ts';
import type { ModelFiles } from '../model-files.ts';

/** The files of an MLC model without quantisation. Errors: `adapter/engine`: this version merges into none. */
export function mergeFiles(
	_files: ModelFiles,
	_adapters: readonly AppliedAdapter[],
	modelName: string
): Promise<AdaptedFiles> {
	const reason = 'this version of SAM does not add adapters to the weights of WebLLM';
	const instead = 'Use the ONNX variant of the same model.';
	return Promise.reject(
		new AppError('adapter/engine', { details: { engine: modelName, reason, instead } })
	);
}
