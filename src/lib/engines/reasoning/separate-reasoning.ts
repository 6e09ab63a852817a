import type { ReasoningFormat } from '../../core/model-spec.ts';
import type { GenerateDelta } from '../base-model-engine.ts';
import type { GenerateOutcome } from '../generation-meter.ts';
import { ReasoningParser } from './reasoning-parser.ts';

/**
 * The same stream with what the model thinks as reasoning of its own, as `ReasoningParser` tells it from the answer.
 * A source that has told them apart itself is left alone from its first reasoning on. What was held back comes before
 * an error, too.
 */
export async function* separateReasoning(
	deltas: AsyncGenerator<GenerateDelta, GenerateOutcome>,
	format: ReasoningFormat
): AsyncGenerator<GenerateDelta, GenerateOutcome> {
	const parser = new ReasoningParser(format);
	let isApart = false;
	try {
		for (;;) {
			const next = await deltas.next().catch((error: unknown) => ({ error }));
			if ('error' in next) {
				yield* parser.end('cancelled');
				throw next.error;
			}
			if (next.done) {
				yield* parser.end(next.value.reason);
				return next.value;
			}
			isApart ||= next.value.type === 'reasoning-delta';
			if (isApart) yield next.value;
			else yield* parser.push(next.value.text);
		}
	} finally {
		await deltas.return({ reason: 'cancelled' });
	}
}
