import { describe, expect, test } from 'vitest';
import { turnOf } from '../../testing/judged-answers.ts';
import { groundedMessages } from '../prompt.ts';
import { judgedPrompt } from './judged-prompt.ts';

const first = turnOf(0, 'Who are you?', 'A bee [1].', {
	sent: 'Passages: …\n\nQuestion: Who are you?'
});
const second = turnOf(1, 'Where do you live?', 'In a hive [2].', {
	sent: 'Passages: secret\n\nQuestion: Where do you live?',
	reasoning: { text: 'A bee lives in …', ms: 5 }
});
const [question, answer] = second;

describe('the prompt of a judged answer', () => {
	test('is the question and the turns before it as the user wrote them, without passages', () => {
		expect(judgedPrompt(answer, [...first, question])?.prompt).toEqual([
			{ role: 'user', content: 'Who are you?' },
			{ role: 'assistant', content: 'A bee.' },
			{ role: 'user', content: 'Where do you live?' }
		]);
	});

	test('is noted as the engine was given it too: instructions, passages and marks', () => {
		const [instructions] = groundedMessages('', []);
		expect(judgedPrompt(answer, [...first, question])?.given).toEqual([
			instructions,
			{ role: 'user', content: 'Passages: …\n\nQuestion: Who are you?' },
			{ role: 'assistant', content: 'A bee [1].' },
			{ role: 'user', content: 'Passages: secret\n\nQuestion: Where do you live?' }
		]);
	});

	test('has nothing of what the model said to itself', () => {
		const later = turnOf(2, 'Alone?', 'No.', { sent: 'Question: Alone?' });
		const told = judgedPrompt(later[1], [...first, ...second, later[0]]);
		expect(JSON.stringify(told)).not.toContain('lives in');
	});

	test('leaves out turns that failed, and those that the engine was not told of', () => {
		const failed = turnOf(1, 'Broken?', '', { state: 'failed' });
		const last = turnOf(2, 'And now?', 'Now.', {
			provenance: { ...answer.provenance!, droppedTurns: 1 }
		});
		expect(judgedPrompt(last[1], [...first, ...failed, last[0]])?.prompt).toEqual([
			{ role: 'user', content: 'And now?' }
		]);
	});

	test('is known as the user wrote it alone where nobody noted what was sent', () => {
		const old = turnOf(0, 'Old?', 'Yes.');
		expect(judgedPrompt(old[1], [old[0]])).toEqual({
			prompt: [{ role: 'user', content: 'Old?' }],
			given: null
		});
	});

	test('is nothing without a question', () => {
		expect(judgedPrompt(answer, [])).toBeNull();
	});
});
