import type { ChatMessage, GenerateRequest } from '../../core/generation.ts';
import type { ReasoningFormat } from '../../core/model-spec.ts';
import { withoutReasoning } from '../reasoning/without-reasoning.ts';

/** Below the first the models repeat themselves; the second is what their makers advise. */
const temperature = { least: 0.5, advised: 0.6 };
const advisedTopP = 0.95;

/**
 * The request as the makers of DeepSeek-R1 advise: no system message (it stands at the beginning of the first question),
 * no reasoning of earlier turns, and a temperature that is not too low, unless it is 0. At most half of what can be
 * written is reasoning where the request says nothing else: so there is always room for an answer.
 */
export function deepSeekRequest(
	request: GenerateRequest,
	format: ReasoningFormat,
	contextTokens: number
): GenerateRequest {
	const { topP = advisedTopP, reasoningTokens } = request;
	const isTooLow = request.temperature > 0 && request.temperature < temperature.least;
	const room = Math.min(request.maxTokens, contextTokens);
	return {
		...request,
		messages: withoutSystem(request.messages).map((message) =>
			message.role === 'assistant'
				? { ...message, content: withoutReasoning(message.content, format) }
				: message
		),
		temperature: isTooLow ? temperature.advised : request.temperature,
		topP,
		reasoningTokens: reasoningTokens ?? Math.floor(room / 2)
	};
}

function withoutSystem(messages: readonly ChatMessage[]): readonly ChatMessage[] {
	const instructions = messages.flatMap(({ role, content }) => (role === 'system' ? content : []));
	const rest = messages.filter(({ role }) => role !== 'system');
	const first = rest.findIndex(({ role }) => role === 'user');
	return rest.map((message, index) =>
		index === first
			? { ...message, content: [...instructions, message.content].join('\n\n') }
			: message
	);
}
