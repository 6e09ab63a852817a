import { throwIfAborted } from '../core/abort.ts';
import { AppError, hasCode } from '../core/errors.ts';
import type { GenerateRequest, GroundingPassage, Usage } from '../core/generation.ts';
import type { ModelSpec } from '../core/model-spec.ts';
import { tokensPerSecond } from '../core/tokens-per-second.ts';
import { engineInfo, engineKinds } from '../engines/engine-infos.ts';
import type { AnswerSide } from './answer-report.ts';
import { comparisonRequest } from './comparison-request.ts';
import type { BenchEngine } from './migration-ports.ts';

export interface PromptTask {
	readonly spec: ModelSpec;
	readonly prompt: string;
	readonly passages: readonly GroundingPassage[];
}

/**
 * What that engine answers to a test prompt. Where it counts more tokens than were estimated and finds the prompt too
 * long, it is asked with half the passages. Errors: those of `generate`; `cancelled`.
 */
export async function answerPrompt(
	engine: BenchEngine,
	{ spec, prompt, passages }: PromptTask,
	signal: AbortSignal
): Promise<AnswerSide> {
	for (let given = passages; ; given = given.slice(0, Math.floor(given.length / 2))) {
		try {
			const { text, usage } = await write(engine, comparisonRequest(spec, prompt, given), signal);
			return {
				text: text.trim(),
				error: null,
				firstTokenMs: usage.firstTokenMs,
				tokensPerSecond: onlyQuotes(spec) ? null : tokensPerSecond(usage),
				ms: usage.totalMs
			};
		} catch (error) {
			if (!hasCode(error, 'engine/context-overflow') || given.length === 0) throw error;
		}
	}
}

async function write(
	engine: BenchEngine,
	request: GenerateRequest,
	signal: AbortSignal
): Promise<{ readonly text: string; readonly usage: Usage }> {
	let text = '';
	for await (const event of engine.generate(request, signal)) {
		if (event.type === 'text-delta') text += event.text;
		if (event.type !== 'end') continue;
		throwIfAborted(signal);
		return { text, usage: event.usage };
	}
	throwIfAborted(signal);
	throw new AppError('engine/bad-output', { details: { reason: 'its answer has no end' } });
}

/** What such an engine writes costs no time: tokens per second would say nothing. */
function onlyQuotes({ engine }: ModelSpec): boolean {
	return engineKinds.includes(engine) && engineInfo(engine).extractive;
}
