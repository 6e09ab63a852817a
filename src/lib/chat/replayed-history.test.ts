import { describe, expect, test } from 'vitest';
import { messageTokens } from './message-tokens.ts';
import { replay, replayedHistory, type PastTurn } from './replayed-history.ts';

const asked = (i: number): string =>
	`Passages:\n\n[1] Notes\n${'text '.repeat(60)}\n\nQuestion: q${i}`;
const turn = (i: number, change: Partial<PastTurn> = {}): PastTurn => ({
	question: `q${i}`,
	answer: `a${i} [1].`,
	sent: asked(i),
	...change
});
const turns = (count: number): PastTurn[] => Array.from({ length: count }, (_, i) => turn(i));

describe('turns that fit', () => {
	test('are told word for word', () => {
		const history = turns(2);
		const told = replayedHistory(history, 100, 10_000);
		expect(told).toEqual({ from: 0, wholeFrom: 0 });
		expect(replay(history, told)).toEqual([
			{ role: 'user', content: asked(0) },
			{ role: 'assistant', content: 'a0 [1].' },
			{ role: 'user', content: asked(1) },
			{ role: 'assistant', content: 'a1 [1].' }
		]);
	});

	test('are told without marks where nobody noted what was sent', () => {
		const history = [turn(0, { sent: null })];
		expect(replay(history, replayedHistory(history, 100, 10_000))).toEqual([
			{ role: 'user', content: 'q0' },
			{ role: 'assistant', content: 'a0.' }
		]);
	});
});

describe('turns that do not fit', () => {
	const size = messageTokens(asked(0));

	test('become compact, all at once', () => {
		const history = turns(3);
		const told = replayedHistory(history, size, 4 * size);
		expect(told).toEqual({ from: 0, wholeFrom: 3 });
		expect(replay(history, told).map(({ content }) => content)).toEqual([
			...['q0', 'a0.', 'q1', 'a1.', 'q2', 'a2.']
		]);
	});

	test('stay compact while whole ones follow', () => {
		expect(replayedHistory(turns(4), size, 4 * size)).toEqual({ from: 0, wholeFrom: 3 });
		expect(replayedHistory(turns(5), size, 4 * size)).toEqual({ from: 0, wholeFrom: 3 });
		expect(replayedHistory(turns(6), size, 4 * size)).toEqual({ from: 0, wholeFrom: 6 });
	});

	test('are dropped, the oldest first, down to half of the room when three quarters are compact', () => {
		const long = Array.from({ length: 10 }, (_, i) =>
			turn(i, { answer: 'word '.repeat(70), sent: null })
		);
		const each = messageTokens('q0') + messageTokens('word '.repeat(70));
		expect(replayedHistory(long, 0, 9.5 * each).from).toBe(6);
		expect(replayedHistory(long, 0, 10 * each).from).toBe(0);
	});

	test('are dropped all where the question leaves no room', () => {
		expect(replayedHistory(turns(3), 500, 500).from).toBe(3);
		expect(replayedHistory(turns(3), 600, 500).from).toBe(3);
	});

	test('what was sent to an engine that holds more is no reason to forget what was before', () => {
		const history = [turn(0), turn(1, { sent: asked(1).repeat(20) })];
		expect(replayedHistory(history, size, 3 * size)).toEqual({ from: 0, wholeFrom: 2 });
	});
});

/** The same numbers in each run, evenly in 0 to 1. */
function randomNumbers(seed: number): () => number {
	let state = seed;
	return () => {
		state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
		return state / 2 ** 32;
	};
}

interface Chat {
	/** Prompts that were no continuation of the one before. */
	readonly resets: number;
	readonly questions: number;
	/** The largest share of the room that was taken. */
	readonly fullest: number;
	/** How often whole prompts were told that could have gone on with the one before. */
	readonly needless: number;
}

/** Asks many questions, each with up to so many words of passages. */
function longChat(seed: number, roomTokens: number, passageWords: number): Chat {
	const random = randomNumbers(seed);
	const words = (most: number): string => 'word '.repeat(1 + Math.floor(random() * most));
	const history: PastTurn[] = [];
	let [resets, fullest, needless] = [0, 0, 0];
	let before: string[] = [];
	const questions = 80;
	for (let i = 0; i < questions; i += 1) {
		const question = `Question ${i}: ${words(30)}`;
		const sent = `Passages: ${words(passageWords)} ${question}`;
		const told = replayedHistory(history, messageTokens(sent), roomTokens);
		const prompt = [...replay(history, told).map(({ content }) => content), sent];
		const tokens = prompt.reduce((sum, content) => sum + messageTokens(content), 0);
		fullest = Math.max(fullest, tokens / roomTokens);
		const goesOn = before.every((content, at) => prompt[at] === content);
		if (!goesOn) {
			resets += 1;
			const longer = [...before, ...prompt.slice(-1)];
			const longerTokens = longer.reduce((sum, content) => sum + messageTokens(content), 0);
			if (longerTokens <= roomTokens) needless += 1;
		}
		const answer = `${words(150)}[1].`;
		history.push({ question, answer, sent: i % 17 === 3 ? null : sent });
		before = i % 17 === 3 ? [] : [...prompt, answer];
	}
	return { resets, questions, fullest, needless };
}

describe('over a long chat', () => {
	test.each([
		['much room, no passages', 7000, 0, 1 / 12],
		['little room, no passages', 3000, 0, 1 / 5],
		['much room and passages', 30_000, 1000, 1 / 12],
		['some room and passages', 7000, 600, 1 / 3]
	])('with %s, most prompts begin with the one before', (_, room, passageWords, share) => {
		for (const seed of [1, 2, 3, 4, 5]) {
			const { resets, questions } = longChat(seed, room, passageWords);
			expect(resets / questions).toBeLessThan(share);
		}
	});

	test('no prompt is over the room, and none is told anew that would have fitted', () => {
		for (let seed = 1; seed <= 30; seed += 1) {
			const { fullest, needless } = longChat(seed, 1500 + 400 * seed, 25 * seed);
			expect(fullest).toBeLessThanOrEqual(1);
			expect(needless).toBe(0);
		}
	});

	test('the same turns and room are told in the same way', () => {
		const history = turns(50);
		expect(replayedHistory(history, 90, 2000)).toEqual(replayedHistory(history, 90, 2000));
	});
});
