import type { Sha256 } from '../core/ids.ts';
import type { TextPlace } from '../knowledge/knowledge-api.ts';
import type { Counterparts } from './counterparts.ts';
import type { FoundExcerpt, PastQuestionComparison } from './gate-report.ts';
import type { PastQuestion } from './migration-ports.ts';
import { overlapOf, type Ranking } from './quality-gate.ts';

export interface PastQuestionInput {
	readonly asked: PastQuestion;
	readonly old: Ranking;
	readonly new: Ranking;
	/** Where the found passages stand: the old index's in its own passages, the new one's in its own. */
	readonly oldPlaces: readonly TextPlace[];
	readonly newPlaces: readonly TextPlace[];
	readonly same: Counterparts;
}

/** Passages shown of each side. */
const shownPassages = 3;
/** Enough to recognise a passage; the document itself is a click away. */
const excerptLength = 200;

/** What has changed for one question of the user's. */
export function comparePastQuestion(input: PastQuestionInput): PastQuestionComparison {
	const { asked, old, new: next, oldPlaces, newPlaces, same } = input;
	const cited = new Set(asked.cited);
	const citedFound = oldPlaces.filter(({ text }) => cited.has(text));
	const moved = citedFound.filter(({ textHash }) => !same.isAmong(textHash, next.found));
	return {
		question: asked.question,
		overlapAt10: overlapOf(old, next, same),
		cited: citedFound.length,
		moved: moved.length,
		old: excerptsOf(old.found, oldPlaces),
		new: excerptsOf(next.found, newPlaces)
	};
}

function excerptsOf(
	found: readonly Sha256[],
	places: readonly TextPlace[]
): readonly FoundExcerpt[] {
	return found
		.slice(0, shownPassages)
		.flatMap((textHash) => places.find((place) => place.textHash === textHash) ?? [])
		.map(({ documentName, headings, text }) => ({
			documentName,
			headings,
			excerpt: excerptOf(text)
		}));
}

function excerptOf(text: string): string {
	const line = text.replace(/\s+/g, ' ').trim();
	if (line.length <= excerptLength) return line;
	const cut = line.lastIndexOf(' ', excerptLength);
	return `${line.slice(0, cut > 0 ? cut : excerptLength)}…`;
}
