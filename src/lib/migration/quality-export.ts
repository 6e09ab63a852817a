import type { AnswerReport, AnswerSide, PromptComparison, Vote } from './answer-report.ts';
import type { FoundExcerpt, GateReport, PastQuestionComparison } from './gate-report.ts';
import {
	answerFacts,
	answersText,
	findingRows,
	findingText,
	overlapText,
	percentOf,
	speedRows,
	tallyText,
	thresholdText,
	warningTextsOf,
	type MeasureRow
} from './report-words.ts';

/** Everything that was compared in one upgrade. */
export interface QualityReports {
	/** Null where no indexes were compared. */
	readonly gate: GateReport | null;
	/** Null where no chat engines were compared. */
	readonly answers: AnswerReport | null;
}

/** The same as it is stored, complete: for other programs. */
export function exportQualityJson({ gate, answers }: QualityReports): string {
	return JSON.stringify({ format: 'sam-quality-report', version: 1, gate, answers }, null, '\t');
}

/** For people, as Markdown. */
export function exportQualityMarkdown({ gate, answers }: QualityReports): string {
	return [
		'# Quality report',
		'',
		...(gate ? findingSection(gate) : []),
		...(answers ? answersSection(answers) : [])
	].join('\n');
}

function findingSection(report: GateReport): string[] {
	const { pastQuestions = [], losses } = report;
	const shared = overlapText(report);
	return [
		'## Finding',
		'',
		`${report.passed ? 'Passed' : 'Failed'}, ${new Date(report.at).toISOString()}. ${findingText(report)} ${thresholdText(report)}`,
		'',
		...warningTextsOf(report).flatMap((text) => [`**Note:** ${text}`, '']),
		...table(findingRows(report), report.old.name, report.new.name),
		...(shared ? [shared, ''] : []),
		...(losses.length > 0 ? ['### Found worse', ''] : []),
		...losses.map(
			({ query, oldRank, newRank }) => `- ${query}: ${rankOf(oldRank)} → ${rankOf(newRank)}`
		),
		...(losses.length > 0 ? [''] : []),
		...(pastQuestions.length > 0 ? ['## Your own questions', ''] : []),
		...pastQuestions.flatMap((past) => questionSection(past, report))
	];
}

function questionSection(past: PastQuestionComparison, { old, new: next }: GateReport): string[] {
	const { question, overlapAt10, cited, moved } = past;
	const shared = `${percentOf(overlapAt10)} of the passages found again`;
	const citations = cited > 0 ? `; ${moved} of ${cited} cited passages not among them` : '';
	return [
		`### ${inline(question)}`,
		'',
		`${shared}${citations}.`,
		'',
		...passageList(old.name, past.old),
		...passageList(next.name, past.new)
	];
}

function passageList(name: string, passages: readonly FoundExcerpt[]): string[] {
	const lines = passages.map(
		({ documentName, headings, excerpt }, at) =>
			`${at + 1}. *${inline([documentName, ...headings].join(' › '))}*: ${inline(excerpt)}`
	);
	return [`${inline(name)}:`, '', ...(lines.length > 0 ? lines : ['Nothing was found.']), ''];
}

function answersSection(report: AnswerReport): string[] {
	const tally = tallyText(report);
	return [
		'## Answers',
		'',
		answersText(report),
		'',
		...table(speedRows(report), report.oldName, report.newName),
		...(tally ? [tally, ''] : []),
		...report.prompts.flatMap((prompt) => promptSection(prompt, report))
	];
}

function promptSection(prompt: PromptComparison, { oldName, newName }: AnswerReport): string[] {
	const votes: Readonly<Record<Vote, string>> = {
		old: `${oldName} is better`,
		new: `${newName} is better`,
		same: 'no difference'
	};
	return [
		`### ${inline(prompt.text)}`,
		'',
		...answerPart(oldName, prompt.old),
		...answerPart(newName, prompt.new),
		...(prompt.vote ? [`Your vote: ${votes[prompt.vote]}.`, ''] : [])
	];
}

function answerPart(name: string, side: AnswerSide | null): string[] {
	if (!side) return [`${inline(name)} has not answered yet.`, ''];
	const quoted = side.text ? side.text.split('\n').map((line) => `> ${line}`.trimEnd()) : [];
	return [`${inline(name)} (${answerFacts(side)}):`, '', ...quoted, ...(side.text ? [''] : [])];
}

function table(rows: readonly MeasureRow[], old: string, next: string): string[] {
	return [
		`| Measure | ${cellOf(old)} | ${cellOf(next)} |`,
		'| --- | --- | --- |',
		...rows.map((row) => `| ${row.label} | ${row.old} | ${row.new} |`),
		''
	];
}

function cellOf(text: string): string {
	return inline(text).replaceAll('|', '\\|');
}

function inline(text: string): string {
	return text.replace(/\s+/g, ' ').trim();
}

function rankOf(rank: number | null): string {
	return rank === null ? 'beyond the tenth' : `rank ${rank}`;
}
