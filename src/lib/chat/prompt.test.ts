import { describe, expect, test } from 'vitest';
import type { DocumentId } from '../core/ids.ts';
import type { FoundPassage } from './chat-ports.ts';
import { estimateTokens } from './estimate-tokens.ts';
import { buildPrompt, type PromptInput } from './prompt.ts';

function passage(ordinal: number, text = `text ${ordinal}`): FoundPassage {
	return {
		documentId: 'doc' as DocumentId,
		ordinal,
		documentName: 'Notes.pdf',
		headings: ['Intro', `Part ${ordinal}`],
		page: null,
		text
	};
}

function build(change: Partial<PromptInput> = {}) {
	return buildPrompt({
		question: 'What is a saga?',
		history: [],
		passages: [passage(1), passage(2)],
		contextTokens: 4096,
		tokenScale: 1,
		maxAnswerTokens: 512,
		...change
	});
}

const turn = (i: number) => ({ question: `Question ${i}`, answer: `Answer ${i} [1].`, sent: null });
const contents = (prompt: ReturnType<typeof build>) =>
	prompt.request.messages.map(({ content }) => content);

describe('the request', () => {
	test('begins with the instructions and ends with the passages and the question', () => {
		const { request } = build();
		expect(request.messages.map(({ role }) => role)).toEqual(['system', 'user']);
		expect(request.messages[0]?.content).toContain('cite');
		expect(request.messages[1]?.content).toBe(
			'Passages:\n\n[1] Notes.pdf › Intro › Part 1\ntext 1\n\n' +
				'[2] Notes.pdf › Intro › Part 2\ntext 2\n\nQuestion: What is a saga?'
		);
	});

	test('has the same passages as data, with the same numbers', () => {
		const { request, used } = build();
		expect(request.passages).toEqual([
			{ n: 1, title: 'Notes.pdf › Intro › Part 1', text: 'text 1' },
			{ n: 2, title: 'Notes.pdf › Intro › Part 2', text: 'text 2' }
		]);
		expect(used).toEqual([
			{ ...passage(1), n: 1 },
			{ ...passage(2), n: 2 }
		]);
	});

	test('names the question alone, for engines that quote', () => {
		expect(build().request.question).toBe('What is a saga?');
	});

	test('says that nothing was found', () => {
		expect(contents(build({ passages: [] }))[1]).toContain('None was found.');
	});

	test('takes up earlier turns in their order', () => {
		const history = [turn(1), { ...turn(2), sent: 'Sent 2' }];
		expect(contents(build({ history })).slice(1, -1)).toEqual([
			'Question 1',
			'Answer 1.',
			'Sent 2',
			'Answer 2 [1].'
		]);
	});

	test('begins with the request before it, word for word', () => {
		const first = build({ question: 'First?' });
		const sent = contents(first).at(-1)!;
		const second = build({ history: [{ question: 'First?', answer: 'So [2].', sent }] });
		expect(contents(second).slice(0, -1)).toEqual([...contents(first), 'So [2].']);
	});

	test('leaves at least half of a small context to the prompt', () => {
		expect(build({ contextTokens: 1000 }).request.maxTokens).toBe(500);
		expect(build().request.maxTokens).toBe(512);
	});
});

describe('what does not fit', () => {
	const long = 'word '.repeat(200);

	test('the oldest turns go first', () => {
		const history = [1, 2, 3].map((i) => ({ question: `${i}`, answer: `${long}${i}`, sent: null }));
		const prompt = build({ history, contextTokens: 1600 });
		expect(prompt.droppedTurns).toBe(2);
		expect(contents(prompt)[1]).toBe('3');
		expect(prompt.used).toHaveLength(2);
	});

	test('then the weakest passages', () => {
		const passages = [1, 2, 3, 4].map((i) => passage(i, long));
		const history = [{ ...turn(1), answer: long }];
		const prompt = build({ history, passages, contextTokens: 1400 });
		expect(prompt.droppedTurns).toBe(1);
		expect(prompt.used.map(({ n, ordinal }) => [n, ordinal])).toEqual([
			[1, 1],
			[2, 2]
		]);
		expect(prompt.request.passages).toHaveLength(2);
		expect(contents(prompt).at(-1)).not.toContain('[3]');
	});

	test('the question never: one that is too long is refused', () => {
		expect(() => build({ question: long.repeat(20) })).toThrow(
			expect.objectContaining({ code: 'engine/context-overflow' })
		);
	});

	test.each([700, 1000, 2000, 4000])('prompt and answer fit %i tokens', (contextTokens) => {
		const prompt = build({
			history: [1, 2, 3, 4].map((i) => ({ question: `${i}`, answer: long, sent: null })),
			passages: [1, 2, 3, 4, 5, 6].map((i) => passage(i, long)),
			contextTokens
		});
		const tokens = contents(prompt).reduce((sum, content) => sum + estimateTokens(content), 0);
		expect(tokens + prompt.request.maxTokens).toBeLessThanOrEqual(contextTokens);
	});
});
