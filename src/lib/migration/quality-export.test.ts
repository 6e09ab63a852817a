import { describe, expect, test } from 'vitest';
import {
	answerReport,
	answerSide,
	gateReport,
	gateSide,
	promptComparison
} from '../testing/quality-reports.ts';
import { exportQualityJson, exportQualityMarkdown } from './quality-export.ts';

const markdown = (gate = gateReport(), answers = answerReport()) =>
	exportQualityMarkdown({ gate, answers });

describe('exportQualityJson', () => {
	test('holds both reports as they are stored', () => {
		const reports = { gate: gateReport(), answers: answerReport() };
		expect(JSON.parse(exportQualityJson(reports))).toEqual({
			...{ format: 'sam-quality-report', version: 1 },
			...reports
		});
	});

	test('says what there was not', () => {
		expect(JSON.parse(exportQualityJson({ gate: null, answers: null }))).toMatchObject({
			gate: null,
			answers: null
		});
	});
});

describe('exportQualityMarkdown', () => {
	test('gives the verdict, what it took, and the measures of both', () => {
		const text = markdown();
		expect(text).toContain('Passed, 2023-11-14T22:13:20.000Z.');
		expect(text).toContain('New finds 96% of 50 passages among its first ten; Old finds 90%.');
		expect(text).toContain('more than 5% fewer');
		expect(text).toContain('| Measure | Old | New |');
		expect(text).toContain('| Right passage first | 50% | 70% |');
		expect(text).toContain('| 95 of 100 searches take at most | 31 ms | 31 ms |');
	});

	test('says when it failed, and what is worth a look', () => {
		const text = markdown(gateReport({ passed: false, warnings: ['slower'] }));
		expect(text).toContain('Failed, ');
		expect(text).toContain('**Note:** A search takes more than ten times as long');
	});

	test('says that the old engine could not be asked, and gives no figures of it', () => {
		const oldFailed = 'The graphics device went away.';
		const text = markdown(gateReport({ passed: false, oldFailed, losses: [], pastQuestions: [] }));
		expect(text).toContain('Failed, ');
		expect(text).toContain(
			'Old could not be asked: The graphics device went away. New finds 96% of 50 passages among its first ten, and there is nothing to compare that with.'
		);
		expect(text).toContain('the decision is yours');
		expect(text).toContain('| Right passage first | not known | 70% |');
		expect(text).not.toContain('Both share');
		expect(text).not.toContain('50%');
		expect(markdown(gateReport({ queries: 0, oldFailed }))).toContain('Old could not be asked');
	});

	test('lists what is found worse', () => {
		expect(markdown()).toContain('- hive winter: rank 1 → beyond the tenth');
	});

	test('sets the passages of both beneath each question', () => {
		const text = markdown();
		expect(text).toContain('### How warm is a hive?');
		expect(text).toContain(
			'40% of the passages found again; 1 of 2 cited passages not among them.'
		);
		expect(text).toContain('Old:\n\n1. *bees.md › Winter*: Warmth is what bees keep.\n2. ');
		expect(text).toContain('New:\n\n1. *bees.md › Winter*: Honey is what bees keep.\n');
	});

	test('quotes both answers with their speed, and the vote', () => {
		const answers = answerReport({ prompts: [promptComparison('one', { vote: 'new' })] });
		const text = markdown(gateReport(), answers);
		expect(text).toContain('| Median speed | 20.0 tokens/s | 40.0 tokens/s |');
		expect(text).toContain('### Prompt one?');
		expect(text).toContain(
			'New (900 ms in all, first token after 120 ms, 40.0 tokens/s):\n\n> New one.'
		);
		expect(text).toContain('Your vote: New is better.');
		expect(text).toContain('Your votes: 1 for New, 0 for Old, 0 the same.');
	});

	test('says why there is no answer', () => {
		const failed = answerSide('', { error: 'The graphics device went away.', firstTokenMs: null });
		const answers = answerReport({ prompts: [promptComparison('one', { new: failed })] });
		const text = markdown(gateReport(), answers);
		expect(text).toContain('New has no answer to 1 of 1 prompts that Old answers.');
		expect(text).toContain('New (The graphics device went away.):');
	});

	test('reads reports of earlier versions', () => {
		const { recut: _, pastQuestions: __, warnings: ___, ...before } = gateReport();
		const { p95Ms: ____, ...side } = gateSide('Old');
		const text = exportQualityMarkdown({
			gate: { ...before, old: side, new: side },
			answers: null
		});
		expect(text).toContain('| Median time of a search | 12 ms | 12 ms |');
		expect(text).not.toContain('95 of 100');
		expect(text).not.toContain('Your own questions');
	});

	test('keeps what would break a table or a heading in its place', () => {
		const text = markdown(gateReport({ old: gateSide('A|B\nC') }));
		expect(text).toContain('| Measure | A\\|B C | New |');
	});
});
