import type { ModelSpec } from '../core/model-spec.ts';
import { isHalfPrecision, runtimeOf } from '../engines/fit-needs.ts';

/** Larger weights take the memory of the whole tab, and minutes for an answer. Bytes. */
const largest = 1e9;

/** True for a model of the GPU that a processor can compute as well, in bearable time and memory. */
export function runsOnProcessor(
	spec: Pick<ModelSpec, 'engine' | 'dtype' | 'tasks' | 'files'>
): boolean {
	if (runtimeOf(spec) !== 'onnx') return false;
	if (isHalfPrecision(spec) && spec.tasks.includes('generate')) return false;
	return spec.files.reduce((sum, { bytes }) => sum + bytes, 0) <= largest;
}
