import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { AdapterId } from '../../core/ids.ts';
import { preferenceRow } from '../../testing/judged-answers.ts';
import { pairsOf, type PreferencePair } from './preference-pairs.ts';
import type { PreferenceRow } from './preference-records.ts';
import type { TrlOptions } from './trl-example.ts';
import { trlJudgementLines, trlLines } from './trl-export.ts';

const said = z.strictObject({ role: z.literal('assistant'), content: z.string().min(1) });
const message = z.strictObject({
	role: z.enum(['system', 'user', 'assistant']),
	content: z.string().min(1)
});
const metadata = {
	engine: z.string(),
	model: z.string(),
	adapters: z.string(),
	date: z.iso.datetime()
};
const conversational = z.strictObject({
	prompt: z
		.array(message)
		.min(1)
		.refine((prompt) => prompt.at(-1)?.role === 'user'),
	chosen: z.tuple([said]),
	rejected: z.tuple([said])
});
const plain = z.strictObject({ prompt: z.string(), chosen: z.string(), rejected: z.string() });

const defaults: TrlOptions = { form: 'conversational', passages: false, metadata: false };
const lines = (pairs: readonly PreferencePair[], options: Partial<TrlOptions> = {}) =>
	trlLines(pairs, { ...defaults, ...options });

function pairsWith(...changes: readonly Partial<PreferenceRow>[]): PreferencePair[] {
	const answers = { chosen: 'Nectar.', rejected: 'Honey.' };
	return pairsOf(
		changes.map((change, at) => preferenceRow(`a${at}`, { ...answers, at, ...change }))
	);
}

function only(change: Partial<PreferenceRow>, options: Partial<TrlOptions> = {}) {
	const [line] = lines(pairsWith(change), options);
	return conversational.parse(JSON.parse(line!));
}

const tricky = [
	{ chosen: 'Two\nlines and "quotes" \\ and a tab\t' },
	{ chosen: 'Ends of lines: \u2028 \u2029 \u0085 \r\n' },
	{ chosen: 'Half a \ud83d emoji, and a whole one 🐝' },
	{ chosen: '日本語, \u0000, \ufeff' }
];

describe('each line', () => {
	test('is a conversational example as DPOTrainer reads it, and nothing else', () => {
		const examples = lines(pairsWith(...tricky)).map((line) =>
			conversational.parse(JSON.parse(line))
		);
		expect(examples).toHaveLength(tricky.length);
		expect(examples[0]).toEqual({
			prompt: [{ role: 'user', content: 'What is it?' }],
			chosen: [{ role: 'assistant', content: tricky[0]!.chosen }],
			rejected: [{ role: 'assistant', content: 'Honey.' }]
		});
	});

	test('is one line for every reader, with a line feed at its end', () => {
		for (const line of lines(pairsWith(...tricky))) {
			expect(line.endsWith('}\n')).toBe(true);
			expect(line.slice(0, -1)).not.toMatch(/[\n\r\u0085\u2028\u2029]/);
		}
	});

	test('is valid UTF-8: half a character is replaced', () => {
		const [line] = lines(
			pairsWith({ chosen: 'a \ud83d b', prompt: [{ role: 'user', content: '\udc1d?' }] })
		);
		expect(line).not.toMatch(/\\ud[89a-f]/i);
		const bytes = new TextEncoder().encode(line);
		expect(new TextDecoder('utf-8', { fatal: true }).decode(bytes)).toBe(line);
		expect(conversational.parse(JSON.parse(line!)).chosen[0].content).toBe('a \ufffd b');
	});

	test('is two texts behind a transcript in the plain form, ready to be put together', () => {
		const prompt = [
			{ role: 'user', content: 'Who?' },
			{ role: 'assistant', content: 'Bees.' },
			{ role: 'user', content: 'Eat what?' }
		] as const;
		const [line] = lines(pairsWith({ prompt }), { form: 'plain' });
		expect(plain.parse(JSON.parse(line!))).toEqual({
			prompt: 'User: Who?\n\nAssistant: Bees.\n\nUser: Eat what?\n\nAssistant:',
			chosen: ' Nectar.',
			rejected: ' Honey.'
		});
	});

	test('names engine, adapters and date only on demand', () => {
		const adapters = ['one', 'two'] as AdapterId[];
		const [line] = lines(pairsWith({ adapters, at: 86_400_000 }), { metadata: true });
		expect(conversational.extend(metadata).parse(JSON.parse(line!))).toMatchObject({
			...{ engine: 'Llama', model: 'llama@1', adapters: 'one two' },
			date: '1970-01-02T00:00:00.000Z'
		});
	});
});

describe('documents', () => {
	const given = [
		{ role: 'system', content: 'Use the passages.' },
		{ role: 'user', content: 'Passages: secret\n\nQuestion: What is it?' }
	] as const;

	test('stay at home by default, and with them the marks that cite them', () => {
		const example = only({ given, chosen: 'Nectar [1, 2].', rejected: 'Honey [1].' });
		expect(JSON.stringify(example)).not.toContain('secret');
		expect([example.chosen[0].content, example.rejected[0].content]).toEqual(['Nectar.', 'Honey.']);
	});

	test('go along where the user wants it, with instructions and marks', () => {
		const example = only({ given, chosen: 'Nectar [1].' }, { passages: true });
		expect(example.prompt).toEqual(given);
		expect(example.chosen[0].content).toBe('Nectar [1].');
	});

	test('cannot go along where nobody noted them', () => {
		expect(only({ given: null }, { passages: true }).prompt).toEqual([
			{ role: 'user', content: 'What is it?' }
		]);
	});

	test('of another chat are not cited: the answer that was given others loses its marks', () => {
		const others = [given[0], { role: 'user', content: 'Passages: others' }] as const;
		const answers = (own: PreferenceRow['given']): string[] => {
			const rows = [
				preferenceRow('good', { given: own, chosen: 'Nectar [1].' }),
				preferenceRow('bad', { given, rejected: 'Honey [2].', verdict: 'bad' })
			];
			const [line] = lines(pairsOf(rows), { passages: true });
			const { prompt, chosen, rejected } = conversational.parse(JSON.parse(line!));
			expect(prompt).toEqual(given);
			return [chosen[0].content, rejected[0].content];
		};
		expect(answers(others)).toEqual(['Nectar.', 'Honey [2].']);
		expect(answers(given.map((each) => ({ ...each })))).toEqual(['Nectar [1].', 'Honey [2].']);
	});

	test('leave the brackets of an answer that was given none', () => {
		const rows = [
			preferenceRow('good', { given, chosen: 'Nectar [1].' }),
			preferenceRow('bad', { rejected: 'The first is a[1].', verdict: 'bad' })
		];
		const [line] = lines(pairsOf(rows));
		const { chosen, rejected } = conversational.parse(JSON.parse(line!));
		expect([chosen[0].content, rejected[0].content]).toEqual(['Nectar.', 'The first is a[1].']);
	});

	test('are not what brackets in code are about', () => {
		const chosen = 'So [1]: `a[1]`\n```js\nb[2]\n```\nDone [2].';
		expect(only({ given, chosen }).chosen[0].content).toBe('So: `a[1]`\n```js\nb[2]\n```\nDone.');
		expect(only({ given: null, chosen: 'a[1]' }).chosen[0].content).toBe('a[1]');
	});

	test('leave no answer that is nothing but a mark', () => {
		expect(lines(pairsWith({ given, chosen: '[1]' }))).toEqual([]);
		expect(lines(pairsWith({ given, rejected: '[1]' }))).toEqual([]);
		const judged = [preferenceRow('a', { given, chosen: '[1]' })];
		expect(trlJudgementLines(judged, defaults)).toEqual([]);
		expect(trlJudgementLines(judged, { ...defaults, passages: true })).toHaveLength(1);
	});

	test('make no pair where the answers differ in nothing but marks', () => {
		const pairs = pairsWith({ given, chosen: 'Honey [1].', rejected: 'Honey.' });
		expect(lines(pairs)).toEqual([]);
		expect(lines(pairs, { passages: true })).toHaveLength(1);
	});
});

describe('judgements one by one', () => {
	const unpaired = z.strictObject({
		prompt: z.array(message).min(1),
		completion: z.tuple([said]),
		label: z.boolean()
	});

	test('are examples as KTOTrainer reads them: also those without an opposite', () => {
		const rows = [
			preferenceRow('a', { chosen: 'Nectar.' }),
			preferenceRow('b', { rejected: 'Honey.' }),
			preferenceRow('c', { chosen: 'Yes.', rejected: 'No.' })
		];
		const examples = trlJudgementLines(rows, defaults).map((line) =>
			unpaired.parse(JSON.parse(line))
		);
		expect(examples.map(({ completion, label }) => [completion[0].content, label])).toEqual([
			['Nectar.', true],
			['Honey.', false],
			['Yes.', true],
			['No.', false]
		]);
	});

	test('keep documents at home like pairs do', () => {
		const given = [{ role: 'user', content: 'Passages: secret' }] as const;
		const rows = [preferenceRow('a', { given, chosen: 'Nectar [1].' })];
		const [line] = trlJudgementLines(rows, { ...defaults, form: 'plain' });
		expect(JSON.parse(line!)).toEqual({
			prompt: 'User: What is it?\n\nAssistant:',
			completion: ' Nectar.',
			label: true
		});
	});
});
