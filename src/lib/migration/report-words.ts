import type { AnswerReport, AnswerSide } from './answer-report.ts';
import { judgeAnswers, tallyOf, type AnswerSpeed } from './answer-verdict.ts';
import type { GateReport, GateSide, GateWarning } from './gate-report.ts';

/** A measure of two sides in words. */
export interface MeasureRow {
	readonly label: string;
	readonly old: string;
	readonly new: string;
}

/** A share (0…1) for people: `87%`. */
export function percentOf(share: number): string {
	return `${Math.round(share * 100)}%`;
}

export function millisecondsOf(ms: number): string {
	return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

/** How well both indexes find known passages, and how fast. */
export function findingRows(report: GateReport): MeasureRow[] {
	const row = (label: string, value: (side: GateSide) => string): MeasureRow => ({
		label,
		old: report.oldFailed === undefined ? value(report.old) : 'not known',
		new: value(report.new)
	});
	const rows = [
		row('Right passage first', (side) => percentOf(side.recallAt1)),
		row('Among the first five', (side) => percentOf(side.recallAt5)),
		row('Among the first ten', (side) => percentOf(side.recallAt10)),
		row('Mean reciprocal rank', (side) => side.mrr.toFixed(2)),
		row('Median time of a search', (side) => millisecondsOf(side.medianMs))
	];
	if (report.old.p95Ms === undefined || report.new.p95Ms === undefined) return rows;
	return [
		...rows,
		row('95 of 100 searches take at most', (side) => millisecondsOf(side.p95Ms ?? 0))
	];
}

/** How fast both engines answer. */
export function speedRows(report: AnswerReport): MeasureRow[] {
	const verdict = judgeAnswers(report);
	const row = (label: string, value: (speed: AnswerSpeed) => string): MeasureRow => ({
		label,
		old: value(verdict.old),
		new: value(verdict.new)
	});
	return [
		row('Median time to the first token', ({ firstTokenMs }) =>
			firstTokenMs === null ? 'not known' : millisecondsOf(firstTokenMs)
		),
		row('Median speed', ({ tokensPerSecond }) =>
			tokensPerSecond === null ? 'not measured' : `${tokensPerSecond.toFixed(1)} tokens/s`
		)
	];
}

/** What it took to pass. */
export function thresholdText({ maxRecallLoss, oldFailed }: GateReport): string {
	if (oldFailed !== undefined)
		return 'Where the old engine cannot be asked, the gate does not pass by itself: the decision is yours.';
	return `The gate fails when the new engine finds more than ${percentOf(maxRecallLoss)} fewer of the passages among the first ten.`;
}

/** How much of what they find is the same, in one sentence; null where the old engine could not be asked. */
export function overlapText({ overlapAt10, oldFailed }: GateReport): string | null {
	if (oldFailed !== undefined) return null;
	return `Both share ${percentOf(overlapAt10)} of their first ten passages.`;
}

/** What the comparison of the indexes came to, in a sentence or two. */
export function findingText(report: GateReport): string {
	const { oldFailed, queries, old, new: next, recut } = report;
	const failure = oldFailed === undefined ? '' : `${old.name} could not be asked: ${oldFailed} `;
	if (queries === 0)
		return `${failure}There was nothing to ask about: no passage is in the index yet.`;
	const own = `${failure}${next.name} finds ${percentOf(next.recallAt10)} of ${queries} passages among its first ten`;
	const found = failure
		? `${own}, and there is nothing to compare that with.`
		: `${own}; ${old.name} finds ${percentOf(old.recallAt10)}.`;
	return recut ? `${found} The new index is made of passages of another size.` : found;
}

/** What the answers came to, in one sentence. */
export function answersText(report: AnswerReport): string {
	const { prompts, lost } = judgeAnswers(report);
	if (prompts === 0) return 'There were no test prompts.';
	if (lost > 0)
		return `${report.newName} has no answer to ${lost} of ${prompts} prompts that ${report.oldName} answers.`;
	return `${report.newName} answers every prompt that ${report.oldName} answers, of ${prompts}.`;
}

/** How the user has voted, in one sentence; null while there is no vote. */
export function tallyText(report: AnswerReport): string | null {
	const tally = tallyOf(report);
	if (tally.old + tally.new + tally.same === 0) return null;
	return `Your votes: ${tally.new} for ${report.newName}, ${tally.old} for ${report.oldName}, ${tally.same} the same.`;
}

const warningTexts: Readonly<Record<GateWarning, string>> = {
	'questions-differ':
		'For your own questions the new engine finds mostly other passages. That need not be worse: compare them in the full report.',
	slower: 'A search takes more than ten times as long as before, and long enough to be felt.'
};

/** Whole sentences; empty where nothing is worth a look. */
export function warningTextsOf({ warnings = [] }: GateReport): string[] {
	return warnings.map((warning) => warningTexts[warning]);
}

/** An answer's speed and length, or why there is none. */
export function answerFacts(side: AnswerSide): string {
	if (side.error !== null) return side.error;
	const facts = [`${millisecondsOf(side.ms)} in all`];
	if (side.firstTokenMs !== null)
		facts.push(`first token after ${millisecondsOf(side.firstTokenMs)}`);
	if (side.tokensPerSecond !== null) facts.push(`${side.tokensPerSecond.toFixed(1)} tokens/s`);
	return facts.join(', ');
}
