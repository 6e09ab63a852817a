import { compilePattern, type CompiledPattern } from './compile-pattern.ts';

/** What all patterns of an adapter together may cost. Below zero: the last answer means nothing. */
export interface StepBudget {
	steps: number;
}

/**
 * A regular expression of Python's, as far as names of layers need it, that never takes longer than its length times that
 * of the name: it follows all ways through the expression at once, where an engine that goes back can take for ever.
 */
export class NamePattern {
	readonly #pattern: CompiledPattern;

	private constructor(pattern: CompiledPattern) {
		this.#pattern = pattern;
	}

	/** Undefined for an expression that is wrong, too long, or looks around or back. */
	static compile(expression: string): NamePattern | undefined {
		try {
			return new NamePattern(compilePattern(expression));
		} catch (error) {
			if (error instanceof SyntaxError) return undefined;
			throw error;
		}
	}

	/** Whether it matches all of the name, or all from behind one of its dots. */
	matchesEndOf(name: string, budget: StepBudget): boolean {
		let current = new Set<number>();
		for (let at = 0; at <= name.length && budget.steps >= 0; at++) {
			if (at === 0 || name[at - 1] === '.') this.#enter(current, this.#pattern.first, at, name);
			budget.steps -= current.size + 1;
			const character = name[at];
			if (character === undefined) return this.#hasFound(current);
			const next = new Set<number>();
			for (const place of current) {
				const step = this.#pattern.steps[place];
				if (step?.kind === 'character' && step.accepts(character))
					this.#enter(next, step.next, at + 1, name);
			}
			current = next;
		}
		return false;
	}

	/** Adds a step and all that can be reached from it without a character. */
	#enter(reached: Set<number>, first: number, at: number, name: string): void {
		const open = [first];
		for (let place = open.pop(); place !== undefined; place = open.pop()) {
			if (reached.has(place)) continue;
			reached.add(place);
			const step = this.#pattern.steps[place];
			if (step?.kind === 'either') open.push(...step.next);
			else if (step?.kind === 'at-start' && at === 0) open.push(step.next);
			else if (step?.kind === 'at-end' && at === name.length) open.push(step.next);
		}
	}

	#hasFound(reached: ReadonlySet<number>): boolean {
		return [...reached].some((place) => this.#pattern.steps[place]?.kind === 'found');
	}
}
