import type { GenerateRequest } from '../../core/generation.ts';

/** What `POST /chat/completions` is sent. What was not asked for is left to the server. */
export function chatRequest(model: string, request: GenerateRequest): object {
	const { messages, maxTokens, temperature, topP, topK, repetitionPenalty, seed, stop } = request;
	return {
		...{ model, messages, temperature },
		max_tokens: maxTokens,
		stream: true,
		stream_options: { include_usage: true },
		...(topP !== undefined && { top_p: topP }),
		...(seed !== null && { seed }),
		...(stop !== undefined && stop.length > 0 && { stop }),
		// Not in the protocol, but known to vLLM, llama.cpp and LM Studio.
		...(topK !== undefined && { top_k: topK }),
		...(repetitionPenalty !== undefined && { repetition_penalty: repetitionPenalty })
	};
}
