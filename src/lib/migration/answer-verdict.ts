import type { AnswerReport, AnswerSide, PromptComparison, Vote } from './answer-report.ts';
import { median } from './percentile.ts';

/** What follows from the answers of two engines. */
export interface AnswerVerdict {
	/** False when the new engine has no answer where the old one has one. */
	readonly passed: boolean;
	readonly prompts: number;
	/** How many prompts the old engine answered and the new one did not. */
	readonly lost: number;
	/** Medians over the answers, null where none tells. */
	readonly old: AnswerSpeed;
	readonly new: AnswerSpeed;
}

export interface AnswerSpeed {
	readonly tokensPerSecond: number | null;
	/** Milliseconds. */
	readonly firstTokenMs: number | null;
}

/** True once both engines have had their turn at every prompt. */
export function isComplete({ prompts }: AnswerReport): boolean {
	return prompts.every((prompt) => prompt.old !== null && prompt.new !== null);
}

export function judgeAnswers({ prompts }: AnswerReport): AnswerVerdict {
	const lost = prompts.filter(isLost).length;
	return {
		passed: lost === 0,
		prompts: prompts.length,
		lost,
		old: speedOf(prompts.map((prompt) => prompt.old)),
		new: speedOf(prompts.map((prompt) => prompt.new))
	};
}

/** True where the old engine has an answer and the new one, which has had its turn, has none. */
export function isLost(prompt: PromptComparison): boolean {
	return answered(prompt.old) && prompt.new !== null && !answered(prompt.new);
}

/** How often the user chose each side. */
export function tallyOf({ prompts }: AnswerReport): Readonly<Record<Vote, number>> {
	const count = (vote: Vote): number => prompts.filter((prompt) => prompt.vote === vote).length;
	return { old: count('old'), new: count('new'), same: count('same') };
}

function answered(side: AnswerSide | null): boolean {
	return side !== null && side.error === null && side.text.trim() !== '';
}

function speedOf(sides: readonly (AnswerSide | null)[]): AnswerSpeed {
	const there = sides.filter((side) => side !== null);
	return {
		tokensPerSecond: median(there.flatMap((side) => side.tokensPerSecond ?? [])),
		firstTokenMs: median(there.flatMap((side) => side.firstTokenMs ?? []))
	};
}
