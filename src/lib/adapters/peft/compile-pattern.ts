import { readCharacterSet, readEscape, type CharacterTest } from './character-set.ts';
import { PatternSource } from './pattern-source.ts';

/** One state of a pattern, with the places of those that follow it. */
export type Step =
	| { readonly kind: 'character'; readonly accepts: CharacterTest; readonly next: number }
	| { readonly kind: 'either'; readonly next: readonly [number, number] }
	| { readonly kind: 'at-start' | 'at-end'; readonly next: number }
	| { readonly kind: 'found' };

export interface CompiledPattern {
	readonly steps: readonly Step[];
	readonly first: number;
}

/** Builds a part of the pattern in front of the step `next`; gives the first step of it. */
type Fragment = (next: number) => number;

const maxLength = 500;
/** Counts such as `{100}` build a part again and again. */
const maxBuilt = 5_000;
const endless = Number.POSITIVE_INFINITY;

/** Errors: a `SyntaxError` for an expression that is wrong, too long, or looks around or back. */
export function compilePattern(expression: string): CompiledPattern {
	if (expression.length > maxLength) throw new SyntaxError('too long');
	return new PatternCompiler(expression).compile();
}

class PatternCompiler {
	readonly #source: PatternSource;
	readonly #steps: Step[] = [];
	#built = 0;

	constructor(expression: string) {
		this.#source = new PatternSource(expression);
	}

	compile(): CompiledPattern {
		const whole = this.#alternatives();
		if (!this.#source.atEnd) throw new SyntaxError('a bracket too many');
		const first = whole(this.#add({ kind: 'found' }));
		return { steps: this.#steps, first };
	}

	#alternatives(): Fragment {
		const options = [this.#sequence()];
		while (this.#source.take('|')) options.push(this.#sequence());
		return (next) =>
			options.map((option) => this.#build(option, next)).reduceRight((b, a) => this.#either(a, b));
	}

	#sequence(): Fragment {
		const parts: Fragment[] = [];
		while (!this.#source.atEnd && !this.#source.sees('|') && !this.#source.sees(')'))
			parts.push(this.#repeated());
		return (next) => parts.reduceRight((after, part) => this.#build(part, after), next);
	}

	#repeated(): Fragment {
		const part = this.#atom();
		const count = this.#source.takeCount();
		if (!count) return part;
		// Whether as much or as little as possible is taken is the same where the whole name must match.
		this.#source.take('?');
		if (this.#source.sees('+') || this.#source.takeCount()) throw new SyntaxError('repeated twice');
		const { least, most } = count;
		return (next) => {
			let first = most === endless ? this.#loop(part, next) : next;
			if (most !== endless)
				for (let more = least; more < most; more++)
					first = this.#either(this.#build(part, first), next);
			for (let needed = 0; needed < least; needed++) first = this.#build(part, first);
			return first;
		};
	}

	#atom(): Fragment {
		const character = this.#source.takeAny();
		if (character === '(') return this.#group();
		if (character === '[') return this.#character(readCharacterSet(this.#source));
		if (character === '.') return this.#character((each) => each !== '\n');
		if (character === '^') return this.#edge('at-start');
		if (character === '$') return this.#edge('at-end');
		if (character === '\\') {
			if (this.#source.take('A')) return this.#edge('at-start');
			if (this.#source.take('Z')) return this.#edge('at-end');
			return this.#character(readEscape(this.#source));
		}
		if ('*+?{'.includes(character)) throw new SyntaxError('nothing to repeat');
		return this.#character((each) => each === character);
	}

	#group(): Fragment {
		if (this.#source.take('?') && !this.#source.take(':')) this.#source.takeGroupName();
		const inside = this.#alternatives();
		this.#source.expect(')');
		return inside;
	}

	#character(accepts: CharacterTest): Fragment {
		return (next) => this.#add({ kind: 'character', accepts, next });
	}

	#edge(kind: 'at-start' | 'at-end'): Fragment {
		return (next) => this.#add({ kind, next });
	}

	#either(a: number, b: number): number {
		return this.#add({ kind: 'either', next: [a, b] });
	}

	/** Any number of the part. */
	#loop(part: Fragment, next: number): number {
		const start = this.#either(next, next);
		this.#steps[start] = { kind: 'either', next: [this.#build(part, start), next] };
		return start;
	}

	/** Parts that build nothing count as well: they can be repeated a million times inside one another. */
	#build(part: Fragment, next: number): number {
		if (++this.#built > maxBuilt) throw new SyntaxError('too large');
		return part(next);
	}

	#add(step: Step): number {
		return this.#steps.push(step) - 1;
	}
}
