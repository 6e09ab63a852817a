import type { MessageRow } from '../chat/chat-records.ts';
import type { PreferenceRow } from '../chat/preferences/preference-records.ts';
import type { ConversationId, MessageId, ModelId } from '../core/ids.ts';
import type { EngineChoice } from '../core/setup.ts';

export function engineNamed(name: string): EngineChoice {
	const model = `${name.toLowerCase()}@1` as ModelId;
	return { engine: 'transformers', model, revision: '1', name };
}

/** A question and its answer, which stand at `turn` in the chat `c`. Ids are `q0`, `a0`, `q1`, … */
export function turnOf(
	turn: number,
	question: string,
	text: string,
	answer: Partial<MessageRow> = {}
): [MessageRow, MessageRow] {
	const common: Pick<MessageRow, 'conversationId' | 'at' | 'state' | 'error' | 'citations'> = {
		conversationId: 'c' as ConversationId,
		...{ at: turn, state: 'complete', error: null, citations: [] }
	};
	const engine = engineNamed('Llama');
	return [
		{
			...{ ...common, id: `q${turn}` as MessageId, position: 2 * turn },
			...{ role: 'user', text: question, provenance: null }
		},
		{
			...{ ...common, id: `a${turn}` as MessageId, position: 2 * turn + 1 },
			...{ role: 'assistant', text },
			provenance: { engine, extractive: false, index: null, usage: null },
			...answer
		}
	];
}

/** A judgement of an answer to `What is it?`. */
export function preferenceRow(id: string, change: Partial<PreferenceRow> = {}): PreferenceRow {
	return {
		id: id as MessageId,
		conversation: 'c' as ConversationId,
		...{ at: 0, prompt: [{ role: 'user', content: 'What is it?' }], given: null },
		...{ chosen: null, rejected: null, verdict: 'good' },
		...{ engine: engineNamed('Llama'), adapters: [], extractive: false },
		...change
	};
}
