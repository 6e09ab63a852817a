import { groundedMessages } from '../chat/prompt.ts';
import { messageTokens } from '../chat/message-tokens.ts';
import type { GenerateRequest, GroundingPassage } from '../core/generation.ts';
import type { ModelSpec } from '../core/model-spec.ts';

/** Long enough to see how an engine answers, short enough that a slow one is done with all prompts in minutes. */
export const answerTokens = 200;
/** On top, for models that reason: without an end to that they would never come to answer. */
const reasoningTokens = 200;

/**
 * A test prompt as a chat would ask it, but always answered in the same way. The weakest passages are left out where the
 * model cannot read them all.
 */
export function comparisonRequest(
	model: Pick<ModelSpec, 'contextTokens' | 'reasoning'>,
	prompt: string,
	found: readonly GroundingPassage[]
): GenerateRequest {
	const reasons = Boolean(model.reasoning);
	const maxTokens = answerTokens + (reasons ? reasoningTokens : 0);
	const passages = [...found];
	let messages = groundedMessages(prompt, passages);
	const tokens = (): number =>
		messages.reduce((sum, { content }) => sum + messageTokens(content), 0);
	while (passages.length > 0 && tokens() > model.contextTokens - maxTokens) {
		passages.pop();
		messages = groundedMessages(prompt, passages);
	}
	return {
		...{ question: prompt, messages, passages, maxTokens, temperature: 0, seed: 1 },
		...(reasons ? { reasoningTokens } : {})
	};
}
