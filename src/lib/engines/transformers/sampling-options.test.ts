import { expect, test } from 'vitest';
import { samplingOptions } from './sampling-options.ts';

test('temperature 0 takes the likeliest, always', () => {
	expect(samplingOptions({ temperature: 0, seed: 1 })).toEqual({
		do_sample: false,
		temperature: 1
	});
});

test('what is not asked is left to the model', () => {
	const options = samplingOptions({ temperature: 0.7, seed: null });
	expect(options).toEqual({ do_sample: true, temperature: 0.7 });
	expect(Object.keys(options)).not.toContain('top_k');
});

test('what is asked is passed on', () => {
	const sampling = { temperature: 0.7, topP: 0.9, topK: 5, repetitionPenalty: 1.1, seed: 3 };
	expect(samplingOptions(sampling)).toEqual({
		...{ do_sample: true, temperature: 0.7 },
		...{ top_k: 5, repetition_penalty: 1.1 }
	});
});
