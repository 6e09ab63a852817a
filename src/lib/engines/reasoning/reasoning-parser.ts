import type { EndReason } from '../../core/generation.ts';
import type { ReasoningFormat } from '../../core/model-spec.ts';
import type { GenerateDelta } from '../base-model-engine.ts';
import { MarkdownCode } from './markdown-code.ts';

/**
 * Tells in the text of a model what it thinks from what it answers. How the text is cut into pieces does not matter, and
 * only what could be the beginning of a mark is held back until the next piece.
 *
 * - Marks are in neither of the two, nor is the blank space that reasoning or answer begins with: reasoning that is
 *   empty is none.
 * - The first closing mark ends the reasoning, wherever it stands. An opening mark in there says nothing new.
 * - In an answer marks count everywhere but inside Markdown code, where they are quoted. A part of reasoning that
 *   follows another one begins with a blank line.
 * - Reasoning that is never closed, with no answer beside it, was the answer: it comes as text at the end, in addition.
 *   Where the model did not end of itself, it stays reasoning.
 */
export class ReasoningParser {
	readonly #format: ReasoningFormat;
	readonly #code = new MarkdownCode();
	#isReasoning: boolean;
	/** Whether this part of the reasoning has words yet. */
	#hasBegun = false;
	#reasoning = '';
	#hasAnswer = false;
	/** Could be the beginning of a mark. */
	#held = '';

	constructor(format: ReasoningFormat) {
		this.#format = format;
		this.#isReasoning = format.opened;
	}

	/** What the next piece of text brings, in order. */
	push(text: string): GenerateDelta[] {
		const deltas: GenerateDelta[] = [];
		const input = this.#held + text;
		this.#held = '';
		let plain = '';
		for (let at = 0; at < input.length;) {
			const mark = this.#markAt(input, at);
			if (mark === 'unfinished') {
				this.#held = input.slice(at);
				break;
			}
			if (mark !== null) {
				deltas.push(...this.#add(plain));
				plain = '';
				this.#pass(mark);
				at += mark.length;
				continue;
			}
			const character = input.charAt(at);
			if (!this.#isReasoning) this.#code.see(character);
			plain += character;
			at++;
		}
		deltas.push(...this.#add(plain));
		return deltas;
	}

	/** What is left when the text has ended in this way. */
	end(reason: EndReason): GenerateDelta[] {
		const deltas = this.#add(this.#held);
		this.#held = '';
		const isUnclosed = this.#isReasoning && !this.#hasAnswer && this.#reasoning !== '';
		if (isUnclosed && reason === 'stop') {
			this.#hasAnswer = true;
			deltas.push({ type: 'text-delta', text: this.#reasoning });
		}
		return deltas;
	}

	/** The mark that stands there and counts, `unfinished` where only the next piece can tell. */
	#markAt(input: string, at: number): string | null {
		const { open, close } = this.#format;
		const marks = (this.#isReasoning ? [close, open] : [open, close]).filter(Boolean);
		const whole = marks.find((mark) => input.startsWith(mark, at));
		const rest = input.length - at;
		const begins = marks.some((mark) => rest < mark.length && mark.startsWith(input.slice(at)));
		if (whole === undefined && !begins) return null;
		if (!this.#isReasoning && this.#code.inside) return null;
		return whole ?? 'unfinished';
	}

	#pass(mark: string): void {
		const { open, close } = this.#format;
		const isReasoning = this.#isReasoning ? mark !== close : mark === open;
		if (isReasoning && !this.#isReasoning) this.#hasBegun = false;
		this.#isReasoning = isReasoning;
	}

	#add(plain: string): GenerateDelta[] {
		return this.#isReasoning ? this.#addReasoning(plain) : this.#addAnswer(plain);
	}

	#addReasoning(plain: string): GenerateDelta[] {
		let text = this.#hasBegun ? plain : plain.trimStart();
		if (text === '') return [];
		if (!this.#hasBegun && this.#reasoning !== '') text = `\n\n${text}`;
		this.#hasBegun = true;
		this.#reasoning += text;
		return [{ type: 'reasoning-delta', text }];
	}

	#addAnswer(plain: string): GenerateDelta[] {
		const text = this.#hasAnswer ? plain : plain.trimStart();
		if (text === '') return [];
		this.#hasAnswer = true;
		return [{ type: 'text-delta', text }];
	}
}
