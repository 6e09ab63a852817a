import type { Sampling } from '../../core/generation.ts';

/** As the runtime names them. */
export interface SamplingOptions {
	readonly do_sample: boolean;
	readonly temperature: number;
	readonly top_k?: number;
	readonly repetition_penalty?: number;
}

/**
 * What is asked of the runtime, and nothing of what is not asked: then it does as the model's own configuration says.
 * It knows no `topP`: see `keepNucleus`.
 */
export function samplingOptions(sampling: Sampling): SamplingOptions {
	const { temperature, topK, repetitionPenalty } = sampling;
	return {
		do_sample: temperature > 0,
		temperature: temperature > 0 ? temperature : 1,
		...(topK === undefined ? {} : { top_k: topK }),
		...(repetitionPenalty === undefined ? {} : { repetition_penalty: repetitionPenalty })
	};
}
