import type { ChatCompletionRequestStreaming } from '@mlc-ai/web-llm';
import type { ChatMessage, GenerateRequest } from '../../core/generation.ts';

/** The least that the runtime takes: only the likeliest token is left. */
const onlyTheFirst = 1e-5;

/**
 * The request as WebLLM wants it. It has no `topK`; what else is not asked for is as the model's publisher has it.
 * `templated`: roles whose texts are written into a template, besides that of the system.
 */
export function chatRequest(
	request: GenerateRequest,
	templated: ReadonlySet<string>
): ChatCompletionRequestStreaming {
	const { temperature, topP, repetitionPenalty, seed } = request;
	const isGreedy = temperature === 0;
	const chosenSeed = isGreedy ? 0 : seed;
	return {
		stream: true,
		stream_options: { include_usage: true },
		messages: chatMessages(request.messages, templated),
		max_tokens: Math.max(1, Math.floor(request.maxTokens)),
		temperature,
		// Near zero, it divides by almost nothing: equally likely tokens are still drawn by lot.
		...(isGreedy ? { top_p: onlyTheFirst } : topP !== undefined && { top_p: topP }),
		...(repetitionPenalty !== undefined && { repetition_penalty: repetitionPenalty }),
		...(chosenSeed !== null && { seed: Math.trunc(chosenSeed) })
	};
}

/**
 * The runtime wants at most one system message, in front, and tells turns apart by counting them: what one side says
 * in several messages becomes one.
 */
export function chatMessages(
	messages: readonly ChatMessage[],
	templated: ReadonlySet<string>
): ChatMessage[] {
	const system = messages.filter(({ role }) => role === 'system');
	const turns = messages.filter(({ role }) => role !== 'system');
	const joined: ChatMessage[] = [];
	for (const { role, content } of [...system, ...turns]) {
		const last = joined.at(-1);
		if (last?.role === role)
			joined.splice(-1, 1, { role, content: `${last.content}\n\n${content}` });
		else joined.push({ role, content });
	}
	return joined.map(({ role, content }) => {
		const isTemplated = role === 'system' || templated.has(role);
		return { role, content: isTemplated ? forTemplate(content) : content };
	});
}

/** The runtime fills its templates with `String.replace`, to which `$` and what follows is a command. */
function forTemplate(text: string): string {
	return text.replaceAll('$', '$$$$');
}
