import { tokenize } from './tokenize.ts';

/** Words that stand one after the other. */
const shingleWords = 3;
/** Share of the shorter of two texts that both must have. */
const enough = 0.5;

interface Words {
	/** All, with a space before and behind each. */
	readonly line: string;
	/** Distinct runs of words; none where the text is shorter than a run. */
	readonly shingles: ReadonlySet<string>;
}

/** Finds, among some texts, those that say the same as another text for at least half of the shorter of the two. */
export class SharedText {
	readonly #words: readonly Words[];
	readonly #textsWith = new Map<string, number[]>();

	constructor(texts: readonly string[]) {
		this.#words = texts.map(wordsOf);
		for (const [at, { shingles }] of this.#words.entries()) {
			for (const shingle of shingles) {
				const places = this.#textsWith.get(shingle);
				if (places) places.push(at);
				else this.#textsWith.set(shingle, [at]);
			}
		}
	}

	/** Their places in the list, ascending. Texts without words are like none. */
	like(text: string): number[] {
		const asked = wordsOf(text);
		const common = new Map<number, number>();
		for (const shingle of asked.shingles) {
			for (const at of this.#textsWith.get(shingle) ?? [])
				common.set(at, (common.get(at) ?? 0) + 1);
		}
		return [...this.#words.keys()].filter((at) => {
			const other = this.#words[at];
			return other !== undefined && isAlike(asked, other, common.get(at) ?? 0);
		});
	}
}

function isAlike(a: Words, b: Words, common: number): boolean {
	const shorter = Math.min(a.shingles.size, b.shingles.size);
	if (shorter > 0) return common >= shorter * enough;
	// One of them is a word or two.
	const [short, long] = a.line.length < b.line.length ? [a, b] : [b, a];
	return short.line !== '' && long.line.includes(short.line);
}

function wordsOf(text: string): Words {
	const terms = tokenize(text).map(({ term }) => term);
	const shingles = new Set<string>();
	for (let end = shingleWords; end <= terms.length; end++)
		shingles.add(terms.slice(end - shingleWords, end).join(' '));
	return { line: terms.length === 0 ? '' : ` ${terms.join(' ')} `, shingles };
}
