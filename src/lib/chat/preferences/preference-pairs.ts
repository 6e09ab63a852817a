import type { ChatMessage } from '../../core/generation.ts';
import type { AdapterId } from '../../core/ids.ts';
import type { EngineChoice } from '../../core/setup.ts';
import type { PreferenceRow } from './preference-records.ts';

/** Two different answers to one prompt, one of them preferred. */
export interface PreferencePair {
	/** Of the judgements that it is made of. */
	readonly id: string;
	readonly prompt: readonly ChatMessage[];
	readonly given: readonly ChatMessage[] | null;
	readonly chosen: string;
	/** What its engine was given: `given`, unless it comes from another judgement. */
	readonly chosenGiven: readonly ChatMessage[] | null;
	readonly rejected: string;
	readonly rejectedGiven: readonly ChatMessage[] | null;
	/** Of the rejected answer: it is the one that has something to learn. */
	readonly engine: EngineChoice;
	readonly adapters: readonly AdapterId[];
	/** One of the answers only quotes passages. */
	readonly extractive: boolean;
	/** Epoch milliseconds of the younger judgement. */
	readonly at: number;
}

type Half = PreferenceRow & { readonly text: string };

/** Whether both answers are there, and differ. */
export function isComplete(row: PreferenceRow): boolean {
	return row.chosen !== null && row.rejected !== null && row.chosen.trim() !== row.rejected.trim();
}

/**
 * Every row that is complete, and every two halves with the same prompt. Of several halves on one side each is used
 * once, and the other side's as often as it takes. A half without an opposite gets that of a complete row, where the
 * prompt is the same. Oldest first; the same rows give the same pairs in the same order.
 */
export function pairsOf(rows: readonly PreferenceRow[]): PreferencePair[] {
	const prompts = Map.groupBy(rows, ({ prompt }) => promptKey(prompt));
	return [...prompts.values()].flatMap(pairsOfPrompt).sort(byAge);
}

/** The rows that are in no pair, in their order. */
export function unpaired(
	rows: readonly PreferenceRow[],
	pairs: readonly PreferencePair[]
): PreferenceRow[] {
	const used = new Set(pairs.flatMap(({ id }) => id.split('+')));
	return rows.filter(({ id }) => !used.has(id));
}

function pairsOfPrompt(unsorted: readonly PreferenceRow[]): PreferencePair[] {
	const rows = [...unsorted].sort(byAge);
	const complete = rows.filter(isComplete);
	const halves = rows.filter((row) => row.chosen === null || row.rejected === null);
	const [good, bad] = [halvesOf(halves, 'chosen'), halvesOf(halves, 'rejected')];
	const [chosen, rejected] = [halvesOf(complete, 'chosen'), halvesOf(complete, 'rejected')];
	const wholes = joined(chosen, rejected, complete.length);
	if (good.length > 0 && bad.length > 0) {
		return [...wholes, ...joined(good, bad, Math.max(good.length, bad.length))];
	}
	return [...wholes, ...joined(good, rejected, good.length), ...joined(chosen, bad, bad.length)];
}

function halvesOf(rows: readonly PreferenceRow[], side: 'chosen' | 'rejected'): Half[] {
	return rows.flatMap((row) => (row[side] === null ? [] : [{ ...row, text: row[side] }]));
}

/** That many pairs, each side taken in turn. */
function joined(good: readonly Half[], bad: readonly Half[], count: number): PreferencePair[] {
	return Array.from({ length: count }, (_, i): [Half | undefined, Half | undefined] => [
		good[i % good.length],
		bad[i % bad.length]
	]).flatMap(([chosen, rejected]) =>
		chosen && rejected && chosen.text.trim() !== rejected.text.trim()
			? [pairOf(chosen, rejected)]
			: []
	);
}

function pairOf(good: Half, bad: Half): PreferencePair {
	const { engine, adapters, prompt } = bad;
	return {
		id: good.id === bad.id ? bad.id : `${good.id}+${bad.id}`,
		...{ prompt, given: bad.given ?? good.given },
		...{ chosen: good.text, chosenGiven: good.given, rejected: bad.text, rejectedGiven: bad.given },
		...{ engine, adapters, extractive: good.extractive || bad.extractive },
		at: Math.max(good.at, bad.at)
	};
}

function promptKey(prompt: readonly ChatMessage[]): string {
	return JSON.stringify(prompt.map(({ role, content }) => [role, content.trim()]));
}

function byAge(a: { id: string; at: number }, b: { id: string; at: number }): number {
	return a.at - b.at || (a.id < b.id ? -1 : 1);
}
