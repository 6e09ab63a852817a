import type { EndReason } from '../../core/generation.ts';
import type { GenerateDelta } from '../base-model-engine.ts';
import type { GenerateOutcome } from '../generation-meter.ts';
import { countIn, type Fields, fieldsOf, isFields, listIn, textIn } from './json-fields.ts';
import type { SseEvent } from './sse-parser.ts';

/**
 * What a streamed chat completion says. Reasoning comes apart where the server tells it apart. `broken` makes the error
 * for what cannot be understood, and for an answer that breaks off.
 */
export async function* readChat(
	events: AsyncIterable<SseEvent>,
	broken: (reason: string, cause?: unknown) => Error
): AsyncGenerator<GenerateDelta, GenerateOutcome> {
	let reason: EndReason | null = null;
	let isDone = false;
	let usage: Omit<GenerateOutcome, 'reason'> = {};
	for await (const { data } of events) {
		if (data.trim() === '[DONE]') {
			isDone = true;
			break;
		}
		const chunk = parse(data, broken);
		if (isFields(chunk.usage)) usage = usageOf(chunk.usage);
		const choice = fieldsOf(listIn(chunk, 'choices')[0]);
		// A server that does not stream sends a whole message.
		const delta = fieldsOf(choice.delta ?? choice.message);
		const thought = textIn(delta, 'reasoning_content', 'reasoning');
		const text = textIn(delta, 'content');
		if (thought !== '') yield { type: 'reasoning-delta', text: thought };
		if (text !== '') yield { type: 'text-delta', text };
		reason ??= reasonOf(choice.finish_reason);
	}
	if (reason === null && !isDone) throw broken('it broke off');
	return { reason: reason ?? 'stop', ...usage };
}

function parse(data: string, broken: (reason: string, cause?: unknown) => Error): Fields {
	try {
		return fieldsOf(JSON.parse(data));
	} catch (cause) {
		throw broken('a part of it is no JSON', cause);
	}
}

/** Null where it goes on. A filter that cuts in, or a tool that is called, ends an answer like any other end. */
function reasonOf(finish: unknown): EndReason | null {
	if (typeof finish !== 'string' || finish === '') return null;
	return finish === 'length' ? 'length' : 'stop';
}

/** Counts of 0 are those of servers that do not count. */
function usageOf(usage: Fields): Omit<GenerateOutcome, 'reason'> {
	const prompt = countIn(usage, 'prompt_tokens');
	const completion = countIn(usage, 'completion_tokens');
	const cached = countIn(fieldsOf(usage.prompt_tokens_details), 'cached_tokens');
	return {
		...(prompt ? { promptTokens: prompt } : {}),
		...(completion ? { completionTokens: completion } : {}),
		...(cached !== undefined && { cachedTokens: cached })
	};
}
