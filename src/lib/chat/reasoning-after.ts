import type { GenerateEvent } from '../core/generation.ts';
import type { Reasoning } from './chat-records.ts';

/**
 * What is known of a model's reasoning after one more piece of it or of the answer, `elapsed` milliseconds after its
 * first piece. It is over with the first of the answer; where that says the same once more, it was no reasoning.
 */
export function reasoningAfter(
	reasoning: Reasoning | null,
	piece: Exclude<GenerateEvent, { readonly type: 'end' }>,
	elapsed: number
): Reasoning | null {
	const { text, ms } = reasoning ?? { text: '', ms: null };
	if (piece.type === 'reasoning-delta') return { text: text + piece.text, ms };
	if (ms === null && piece.text === text) return null;
	return reasoning && { text, ms: ms ?? elapsed };
}
