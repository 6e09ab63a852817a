import { clip } from './clip.ts';
import { NamePattern, type StepBudget } from './name-pattern.ts';
import { unsupported } from './refusals.ts';

/** A name as it is, perhaps with `^` before it. Its dots are dots: nothing else lies between the parts of a name. */
const plain = /^\^?[\w-]+(\.[\w-]+)*$/;

interface Ranked {
	readonly place: number;
	readonly value: number;
}

/**
 * Values for modules whose name or its last parts match a key, as PEFT reads `rank_pattern` and `alpha_pattern`: a key is
 * a regular expression, the first that matches counts. Takes a bounded time whatever the keys are. Errors:
 * `adapter/unsupported`.
 */
export class NameValues {
	readonly #plain = new Map<string, Ranked>();
	readonly #patterns: { readonly pattern: NamePattern; readonly ranked: Ranked }[] = [];
	readonly #budget: StepBudget = { steps: 5_000_000 };

	constructor(values: Readonly<Record<string, number>>) {
		for (const [place, [key, value]] of Object.entries(values).entries()) {
			const ranked = { place, value };
			if (plain.test(key)) this.#plain.set(key, ranked);
			else this.#patterns.push({ pattern: compiled(key), ranked });
		}
	}

	/** Undefined where no key matches. */
	valueFor(module: string): number | undefined {
		let best = this.#plain.get(`^${module}`);
		const offer = (ranked: Ranked | undefined): void => {
			if (ranked && (!best || ranked.place < best.place)) best = ranked;
		};
		for (let at = 0; ;) {
			offer(this.#plain.get(module.slice(at)));
			const dot = module.indexOf('.', at);
			if (dot === -1) break;
			at = dot + 1;
		}
		for (const { pattern, ranked } of this.#patterns)
			if (pattern.matchesEndOf(module, this.#budget)) offer(ranked);
		if (this.#budget.steps < 0) throw cannotFollow('there are too many');
		return best?.value;
	}
}

function compiled(key: string): NamePattern {
	const pattern = NamePattern.compile(key);
	if (!pattern) throw cannotFollow(clip(key));
	return pattern;
}

function cannotFollow(which: string): Error {
	return unsupported(
		`patterns of names that cannot be followed (${which})`,
		'Write the names of the layers out in rank_pattern and alpha_pattern of adapter_config.json.'
	);
}
