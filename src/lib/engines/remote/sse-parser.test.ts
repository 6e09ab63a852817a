import { describe, expect, test } from 'vitest';
import { type SseEvent, SseParser } from './sse-parser.ts';

/** What comes of that text, cut at these places. */
function parse(text: string, ...cuts: readonly number[]): SseEvent[] {
	const parser = new SseParser();
	const places = [0, ...cuts, text.length];
	const pieces = places.slice(1).map((end, at) => text.slice(places[at], end));
	return [...pieces.flatMap((piece) => parser.push(piece)), ...parser.end()];
}

function message(data: string): SseEvent {
	return { type: 'message', data };
}

const samples: readonly (readonly [string, string, readonly SseEvent[]])[] = [
	['one event', 'data: a\n\n', [message('a')]],
	['two events', 'data: a\n\ndata: b\n\n', [message('a'), message('b')]],
	[
		'events whose lines end in CR LF',
		'data: a\r\n\r\ndata: b\r\n\r\n',
		[message('a'), message('b')]
	],
	['events whose lines end in CR', 'data: a\r\rdata: b\r\r', [message('a'), message('b')]],
	['data without a blank after the colon', 'data:a\n\n', [message('a')]],
	['data that begins with blanks', 'data:  a\n\n', [message(' a')]],
	['data with colons', 'data: {"a":"b: c"}\n\n', [message('{"a":"b: c"}')]],
	['data of several lines', 'data: a\ndata: b\ndata:\n\n', [message('a\nb\n')]],
	['a field without a colon', 'data\n\n', [message('')]],
	['comments', ': ready\n\n: OPENROUTER\ndata: a\n: still\n\n', [message('a')]],
	['ids and waiting times', 'id: 7\nretry: 100\ndata: a\n\n', [message('a')]],
	['fields that nobody knows', 'colour: red\ndata: a\n\n', [message('a')]],
	[
		'named events, for one event each',
		'event: error\ndata: a\n\ndata: b\n\n',
		[{ type: 'error', data: 'a' }, message('b')]
	],
	['a name without data', 'event: ping\n\ndata: a\n\n', [message('a')]],
	[
		'an error in a field of its own',
		'error: {"code":500}\n\n',
		[{ type: 'error', data: '{"code":500}' }]
	],
	['many empty lines', '\n\n\ndata: a\n\n\n\n', [message('a')]],
	['no empty line at the end', 'data: a\n\ndata: b', [message('a'), message('b')]],
	['one line end at the end', 'data: a\n', [message('a')]],
	['a CR at the end', 'data: a\r', [message('a')]],
	['nothing', '', []],
	['letters of other scripts', 'data: 日本語 🙂\n\n', [message('日本語 🙂')]],
	['line separators that are none here', 'data: a\u2028b\u0085c\n\n', [message('a\u2028b\u0085c')]]
];

describe('a stream of server-sent events', () => {
	test.each(samples)('with %s', (_, text, expected) => {
		expect(parse(text)).toEqual(expected);
	});

	test.each(samples)('with %s, cut in two anywhere', (_, text, expected) => {
		for (let at = 0; at <= text.length; at++) expect(parse(text, at)).toEqual(expected);
	});

	test.each(samples)('with %s, cut in three anywhere', (_, text, expected) => {
		for (let a = 0; a <= text.length; a++)
			for (let b = a; b <= text.length; b++) expect(parse(text, a, b)).toEqual(expected);
	});

	test.each(samples)('with %s, letter by letter', (_, text, expected) => {
		expect(parse(text, ...Array.from(text, (_, at) => at))).toEqual(expected);
	});

	test('gives an event as soon as it is whole, and not before', () => {
		const parser = new SseParser();
		expect(parser.push('data: a\n')).toEqual([]);
		expect(parser.push('\nda')).toEqual([message('a')]);
		expect(parser.push('ta: b\r\n\r')).toEqual([]);
		expect(parser.push('\n')).toEqual([message('b')]);
	});
});
