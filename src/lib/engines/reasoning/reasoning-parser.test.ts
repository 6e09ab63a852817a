import { describe, expect, test } from 'vitest';
import type { EndReason } from '../../core/generation.ts';
import type { ReasoningFormat } from '../../core/model-spec.ts';
import { ReasoningParser } from './reasoning-parser.ts';

const format = { open: '<think>', close: '</think>', opened: false };
const opened = { ...format, opened: true };

function parse(pieces: readonly string[], as: ReasoningFormat, reason: EndReason = 'stop') {
	const parser = new ReasoningParser(as);
	const deltas = [...pieces.flatMap((piece) => parser.push(piece)), ...parser.end(reason)];
	const all = (type: string): string =>
		deltas.flatMap((delta) => (delta.type === type ? delta.text : [])).join('');
	return { reasoning: all('reasoning-delta'), text: all('text-delta'), deltas };
}

interface Shape {
	readonly stream: string;
	readonly as?: ReasoningFormat;
	readonly reason?: EndReason;
	readonly reasoning: string;
	readonly text: string;
}

const shapes: Readonly<Record<string, Shape>> = {
	'a distilled model whose template has opened the reasoning': {
		stream: 'Okay, 2+2.\nThat is 4.\n</think>\n\nThe answer is **4**.',
		as: opened,
		reasoning: 'Okay, 2+2.\nThat is 4.\n',
		text: 'The answer is **4**.'
	},
	'one that opens it again all the same': {
		stream: '<think>\nOkay.\n</think>\n\n4.',
		as: opened,
		reasoning: 'Okay.\n',
		text: '4.'
	},
	'one that opens it itself': {
		stream: '<think>\nOkay.\n</think>\n\n4.',
		reasoning: 'Okay.\n',
		text: '4.'
	},
	'one that begins with blank lines': {
		stream: '\n\n<think>Okay.</think>4.',
		reasoning: 'Okay.',
		text: '4.'
	},
	'reasoning that is empty': {
		stream: '<think>\n\n</think>\n\nFour.',
		reasoning: '',
		text: 'Four.'
	},
	'reasoning that is empty and was opened': {
		stream: '\n</think>\n\nFour.',
		as: opened,
		reasoning: '',
		text: 'Four.'
	},
	'no reasoning at all': {
		stream: 'Four <b>or</b> 2 < 3.\n\n- a',
		reasoning: '',
		text: 'Four <b>or</b> 2 < 3.\n\n- a'
	},
	'an answer that begins with spaces after the mark': {
		stream: '<think>a</think> \n Four  \n',
		reasoning: 'a',
		text: 'Four  \n'
	},
	'several parts': {
		stream: '<think>One.</think>\nA.\n<think>\nTwo.</think>B.',
		reasoning: 'One.\n\nTwo.',
		text: 'A.\nB.'
	},
	'an opening mark inside the reasoning': {
		stream: '<think>One <think>two</think>three',
		reasoning: 'One two',
		text: 'three'
	},
	'a closing mark without an opening one': {
		stream: 'Four.</think> Yes.',
		reasoning: '',
		text: 'Four. Yes.'
	},
	'two closing marks': {
		stream: 'a</think></think>b',
		as: opened,
		reasoning: 'a',
		text: 'b'
	},
	'marks that are quoted as code': {
		stream: '<think>a</think>Use `<think>` and\n```xml\n<think>\n</think>\n```\nso.',
		reasoning: 'a',
		text: 'Use `<think>` and\n```xml\n<think>\n</think>\n```\nso.'
	},
	'code in the reasoning, where the first closing mark ends it': {
		stream: '<think>Type ```\nx</think>y <think>z</think>',
		reasoning: 'Type ```\nx\n\nz',
		text: 'y '
	},
	'cut by its length in the reasoning': {
		stream: '<think>Okay, so',
		reason: 'length',
		reasoning: 'Okay, so',
		text: ''
	},
	'cut by its length in a mark': {
		stream: 'Okay </thi',
		as: opened,
		reason: 'length',
		reasoning: 'Okay </thi',
		text: ''
	},
	'stopped in the reasoning': {
		stream: 'Okay, so',
		as: opened,
		reason: 'cancelled',
		reasoning: 'Okay, so',
		text: ''
	},
	'never closed, though the model has ended': {
		stream: '\nThe answer is 4.',
		as: opened,
		reasoning: 'The answer is 4.',
		text: 'The answer is 4.'
	},
	'never closed, after an answer': {
		stream: 'Four.<think>Or five?',
		reasoning: 'Or five?',
		text: 'Four.'
	},
	'closed, with no answer': {
		stream: '<think>Okay.</think>\n\n',
		reasoning: 'Okay.',
		text: ''
	},
	'what only looks like a mark': {
		stream: '<think>a < b </thin c</think>a <thin b <',
		reasoning: 'a < b </thin c',
		text: 'a <thin b <'
	},
	'marks right after their own beginning': {
		stream: '<<think>a<</</think><b',
		reasoning: 'a<</',
		text: '<<b'
	},
	'marks of another kind': {
		stream: '◁think▷Hm.◁/think▷Four.',
		as: { open: '◁think▷', close: '◁/think▷', opened: false },
		reasoning: 'Hm.',
		text: 'Four.'
	},
	'the same mark for both': {
		stream: '%%Hm.%%Four.',
		as: { open: '%%', close: '%%', opened: false },
		reasoning: 'Hm.',
		text: 'Four.'
	},
	'no opening mark in the format': {
		stream: 'Hm.[/THINK]Four.',
		as: { open: '', close: '[/THINK]', opened: true },
		reasoning: 'Hm.',
		text: 'Four.'
	},
	nothing: { stream: '', as: opened, reasoning: '', text: '' }
};

describe.each(Object.entries(shapes))('%s', (_, shape) => {
	const { stream, as = format, reason, reasoning, text } = shape;
	const expected = { reasoning, text };

	test('is told apart in one piece', () => {
		expect(parse([stream], as, reason)).toMatchObject(expected);
	});

	test('is told apart wherever it is cut in two', () => {
		for (let at = 0; at <= stream.length; at++)
			expect(parse([stream.slice(0, at), stream.slice(at)], as, reason)).toMatchObject(expected);
	});

	test('is told apart wherever it is cut in three', () => {
		for (let first = 0; first <= stream.length; first++) {
			for (let last = first; last <= stream.length; last++) {
				const pieces = [stream.slice(0, first), stream.slice(first, last), stream.slice(last)];
				expect(parse(pieces, as, reason)).toMatchObject(expected);
			}
		}
	});

	test('is told apart character by character, with no empty delta', () => {
		const parsed = parse(stream.split(''), as, reason);
		expect(parsed).toMatchObject(expected);
		expect(parsed.deltas.filter((delta) => delta.text === '')).toEqual([]);
	});
});

describe('what comes when', () => {
	test('plain text is passed on at once', () => {
		const parser = new ReasoningParser(format);
		expect(parser.push('Four')).toEqual([{ type: 'text-delta', text: 'Four' }]);
		expect(parser.push(' <')).toEqual([{ type: 'text-delta', text: ' ' }]);
		expect(parser.push('b>')).toEqual([{ type: 'text-delta', text: '<b>' }]);
	});

	test('reasoning is passed on at once, but for what may be a mark', () => {
		const parser = new ReasoningParser(opened);
		expect(parser.push('Hm ')).toEqual([{ type: 'reasoning-delta', text: 'Hm ' }]);
		expect(parser.push('so.</th')).toEqual([{ type: 'reasoning-delta', text: 'so.' }]);
		expect(parser.push('ink')).toEqual([]);
		expect(parser.push('>4')).toEqual([{ type: 'text-delta', text: '4' }]);
	});

	test('a quoted mark is not held back', () => {
		const parser = new ReasoningParser(format);
		expect(parser.push('`<th')).toEqual([{ type: 'text-delta', text: '`<th' }]);
	});

	test('empty reasoning makes no event', () => {
		expect(parse(['<think>', '\n\n', '</think>', '\n\n', 'Hi'], format).deltas).toEqual([
			{ type: 'text-delta', text: 'Hi' }
		]);
	});
});
