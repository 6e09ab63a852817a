import type { ModelSpec } from '../core/model-spec.ts';
import { memoryBytes } from '../engines/fit-memory.ts';
import type { Range } from './plan.ts';

/** What a runtime takes before any weights: its code, its compiled shaders, the heap of its worker. In bytes. */
const runtimeBytes: Readonly<Record<string, Range>> = {
	starter: { low: 5e6, high: 20e6 },
	remote: { low: 2e6, high: 10e6 }
};
const otherRuntimes: Range = { low: 60e6, high: 300e6 };

/**
 * How much memory these engines take at their peak, loaded one after the other, of the device and its GPU together; in
 * bytes. Rough: at least the weights once, at most with the copies that loading makes, a long context, and the vectors of
 * so many texts.
 */
export function peakMemory(models: readonly ModelSpec[], texts: number): Range | null {
	if (models.length === 0) return null;
	const each = models.map((model) => memoryOf(model, texts));
	return {
		low: Math.max(...each.map(({ low }) => low)),
		high: Math.max(...each.map(({ high }) => high))
	};
}

function memoryOf(model: ModelSpec, texts: number): Range {
	const bytes = model.files.reduce((sum, file) => sum + file.bytes, 0);
	const subject = { ...model, bytes, parameters: null, needs: [], largestFileBytes: null };
	const runtime = runtimeBytes[model.engine] ?? otherRuntimes;
	const vectors = texts * (model.embedding?.dims ?? 0) * Float32Array.BYTES_PER_ELEMENT;
	return {
		low: runtime.low + bytes,
		high: runtime.high + (memoryBytes(subject) ?? bytes) + vectors
	};
}
