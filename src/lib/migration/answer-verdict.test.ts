import { describe, expect, test } from 'vitest';
import { answerReport, answerSide, promptComparison } from '../testing/quality-reports.ts';
import { isComplete, judgeAnswers, tallyOf } from './answer-verdict.ts';

const failed = answerSide('', { error: 'It failed.', firstTokenMs: null, tokensPerSecond: null });
const of = (...prompts: Parameters<typeof promptComparison>[1][]) =>
	answerReport({ prompts: prompts.map((parts, at) => promptComparison(String(at), parts)) });

describe('judgeAnswers', () => {
	test('passes when the new engine answers what the old one answers', () => {
		expect(judgeAnswers(of({}, { old: failed }, { old: failed, new: failed }))).toMatchObject({
			...{ passed: true, prompts: 3, lost: 0 }
		});
	});

	test.each([
		['failed', failed],
		['is empty', answerSide(' \n')]
	])('does not pass when an answer of the new one %s', (_, side) => {
		expect(judgeAnswers(of({}, { new: side }))).toMatchObject({ passed: false, lost: 1 });
	});

	test('loses nothing where the new one has not had its turn', () => {
		expect(judgeAnswers(of({ new: null })).lost).toBe(0);
	});

	test('gives the median speed of what was answered', () => {
		const verdict = judgeAnswers(
			of({}, { old: answerSide('x', { tokensPerSecond: 30, firstTokenMs: 320 }) }, { old: failed })
		);
		expect(verdict.old).toEqual({ tokensPerSecond: 25, firstTokenMs: 220 });
		expect(judgeAnswers(of()).new).toEqual({ tokensPerSecond: null, firstTokenMs: null });
	});
});

describe('isComplete', () => {
	test.each([
		[{}, true],
		[{ new: failed }, true],
		[{ new: null }, false],
		[{ old: null }, false]
	])('of a prompt with %j: %s', (parts, complete) => {
		expect(isComplete(of({}, parts))).toBe(complete);
	});
});

test('tallyOf counts the votes', () => {
	const report = of({ vote: 'new' }, { vote: 'new' }, { vote: 'same' }, {});
	expect(tallyOf(report)).toEqual({ old: 0, new: 2, same: 1 });
});
