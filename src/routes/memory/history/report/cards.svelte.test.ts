import { beforeEach, describe, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import type { Vote } from '$lib/migration/answer-report.ts';
import {
	answerReport,
	answerSide,
	gateReport,
	gateSide,
	promptComparison
} from '$lib/testing/quality-reports.ts';
import AnswersCard from './AnswersCard.svelte';
import FindingCard from './FindingCard.svelte';
import PastQuestionsCard from './PastQuestionsCard.svelte';

function fillsOf(chart: Element): string[] {
	const bars = [...chart.querySelectorAll('.bar-y path, .bar-y rect')];
	return bars.map((bar) => getComputedStyle(bar).fill);
}

describe('FindingCard', () => {
	const chart = page.getByRole('img', { name: /Chart of how many passages/ });
	const table = page.getByRole('table', { name: 'Comparison' });

	test('shows the verdict, and the figures of both in a table', async () => {
		await render(FindingCard, { report: gateReport() });
		await expect.element(page.getByText('passed', { exact: true })).toBeVisible();
		await expect
			.element(table.getByRole('row', { name: /Among the first ten/ }))
			.toHaveAccessibleName('Among the first ten 90% 96%');
	});

	test('draws them, with the value at each bar', async () => {
		await render(FindingCard, { report: gateReport() });
		await expect.element(chart).toBeVisible();
		await expect.poll(() => fillsOf(chart.element())).toHaveLength(8);
		const texts = [...chart.element().querySelectorAll('text')].map(({ textContent }) =>
			textContent.trim()
		);
		expect(texts).toEqual(expect.arrayContaining(['50%', '70%', '90%', '96%', '0.62', '0.80']));
		expect(texts).toEqual(expect.arrayContaining(['First', 'First five', 'First ten']));
	});

	test('tells old from new by pattern as well as by colour', async () => {
		document.documentElement.style.setProperty('--accent', 'rgb(1, 2, 3)');
		await render(FindingCard, { report: gateReport() });
		await expect.poll(() => fillsOf(chart.element())).toHaveLength(8);
		const [first, ...others] = [...new Set(fillsOf(chart.element()))];
		expect(first).toMatch(/^url\(/);
		expect(others).toEqual(['rgb(1, 2, 3)']);
	});

	test('says what is worth a look though it passes', async () => {
		await render(FindingCard, { report: gateReport({ warnings: ['questions-differ', 'slower'] }) });
		await expect.element(page.getByText(/compare them in the full report/)).toBeVisible();
		await expect.element(page.getByText(/more than ten times as long/)).toBeVisible();
	});

	test('shows reports of earlier versions, which know less', async () => {
		const { recut: _, pastQuestions: __, warnings: ___, ...before } = gateReport();
		const { p95Ms: ____, ...side } = gateSide('Old');
		await render(FindingCard, { report: { ...before, old: side, new: side } });
		await expect.element(table).toBeVisible();
		await expect.element(chart).toBeVisible();
		expect(document.body.textContent).not.toContain('95 of 100');
	});

	test('says that the old engine could not be asked, and draws the new one alone', async () => {
		const oldFailed = 'The graphics device went away.';
		await render(FindingCard, { report: gateReport({ passed: false, oldFailed, losses: [] }) });
		await expect.element(page.getByText('failed', { exact: true })).toBeVisible();
		await expect.element(page.getByText(/Old could not be asked: The graphics/)).toBeVisible();
		await expect
			.element(table.getByRole('row', { name: /Among the first ten/ }))
			.toHaveAccessibleName('Among the first ten not known 96%');
		await expect.poll(() => fillsOf(chart.element())).toHaveLength(4);
		expect(document.body.textContent).not.toContain('Both share');
	});

	test('has nothing to draw where nothing was asked', async () => {
		await render(FindingCard, { report: gateReport({ queries: 0 }) });
		await expect.element(page.getByText(/nothing to ask about/)).toBeVisible();
		expect(table.query()).toBeNull();
	});
});

test('PastQuestionsCard sets the passages of both side by side', async () => {
	const report = gateReport();
	await render(PastQuestionsCard, { report, questions: report.pastQuestions! });
	const question = page
		.getByRole('list', { name: 'Past questions' })
		.getByRole('listitem', { name: 'How warm is a hive?' });
	await expect.element(question).toMatchTextContent('1 of 2 passages that your answer cited is no');
	const old = question.getByRole('list', { name: 'First passages of Old' });
	await expect.element(old).toMatchTextContent('bees.md › Winter Warmth is what bees keep.');
	const next = question.getByRole('list', { name: 'First passages of New' });
	expect(next.getByRole('listitem').elements()).toHaveLength(1);
});

describe('AnswersCard', () => {
	let votes: [string, Vote][];
	const onvote = (prompt: string, vote: Vote): void => void votes.push([prompt, vote]);
	const item = page.getByRole('list', { name: 'Test prompts' }).getByRole('listitem', {
		name: 'Prompt one?'
	});
	const group = page.getByRole('radiogroup', { name: 'Which is better? Prompt one?' });

	beforeEach(() => {
		votes = [];
	});

	test('sets both answers side by side, with their speed', async () => {
		await render(AnswersCard, { report: answerReport(), onvote });
		await expect.element(item).toMatchTextContent('Old one.');
		await expect.element(item).toMatchTextContent('New one.');
		await expect.element(item).toMatchTextContent('first token after 120 ms, 40.0 tokens/s');
		await expect
			.element(page.getByRole('row', { name: /Median speed/ }))
			.toHaveAccessibleName('Median speed 20.0 tokens/s 40.0 tokens/s');
	});

	test('takes votes, with the keyboard too', async () => {
		await render(AnswersCard, { report: answerReport(), onvote });
		await group.getByRole('radio', { name: 'New' }).click();
		await userEvent.keyboard('{ArrowRight}');
		expect(votes).toEqual([
			['one', 'new'],
			['one', 'same']
		]);
	});

	test('shows the votes and their tally', async () => {
		const prompts = [promptComparison('one', { vote: 'new' }), promptComparison('two')];
		await render(AnswersCard, { report: answerReport({ prompts }), onvote });
		await expect.element(group.getByRole('radio', { name: 'New' })).toBeChecked();
		await expect
			.element(page.getByRole('status'))
			.toMatchTextContent('Your votes: 1 for New, 0 for Old, 0 the same.');
	});

	test('says which answers are lost, and why', async () => {
		const failed = answerSide('', { error: 'It ran out of memory.', firstTokenMs: null });
		const prompts = [promptComparison('one', { new: failed })];
		await render(AnswersCard, { report: answerReport({ prompts }), onvote });
		await expect.element(item).toMatchTextContent('Only the old engine has an answer.');
		await expect.element(item).toMatchTextContent('It ran out of memory.');
		await expect.element(page.getByText('failed', { exact: true })).toBeVisible();
	});

	test('is not voted on while it is being written', async () => {
		const prompts = [promptComparison('one', { new: null })];
		await render(AnswersCard, { report: answerReport({ prompts }), onvote });
		await expect.element(item).toMatchTextContent('Not answered yet.');
		expect(group.query()).toBeNull();
	});
});
