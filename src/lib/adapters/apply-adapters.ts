import { AppError } from '../core/errors.ts';
import type { ModelSpec } from '../core/model-spec.ts';
import type { AdaptedFiles } from './adapted-files.ts';
import { adapterSupport } from './adapter-support.ts';
import type { AppliedAdapter } from './applied-adapter.ts';
import type { ModelFiles } from './model-files.ts';

export interface AdaptableModel {
	readonly spec: ModelSpec;
	readonly files: ModelFiles;
}

/**
 * The files of a chat model with those adapters worked in; they add up. Errors: `adapter/engine` where such files cannot
 * take any; `adapter/no-match`, `adapter/wrong-shape`, with the id of the adapter as the detail `adapter`; those of
 * reading the files.
 */
export async function applyAdapters(
	{ spec, files }: AdaptableModel,
	adapters: readonly AppliedAdapter[]
): Promise<AdaptedFiles> {
	const support = adapterSupport(spec);
	if (!support.ok) {
		const { reason, instead } = support;
		throw new AppError('adapter/engine', { details: { engine: spec.name, reason, instead } });
	}
	if (adapters.length === 0) return { files, matches: [] };
	return adapt[support.by](files, adapters, spec.name);
}

type Adapt = (
	files: ModelFiles,
	adapters: readonly AppliedAdapter[],
	modelName: string
) => Promise<AdaptedFiles>;

/** Each comes with much code, and a model needs one of them. */
const adapt: Readonly<Record<'graph' | 'weights', Adapt>> = {
	graph: async (...args) => (await import('./onnx/graft-files.ts')).graftFiles(...args),
	weights: async (...args) => (await import('./mlc/merge-files.ts')).mergeFiles(...args)
};
