import { describe, expect, test } from 'vitest';
import { detectKind } from './detect-kind.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('what a file is', () => {
	test.each([
		['notes.md', '', '# Hi', 'markdown'],
		['NOTES.MARKDOWN', '', '# Hi', 'markdown'],
		['page.html', '', '<p>Hi', 'html'],
		['data.csv', '', 'a,b', 'text'],
		['main.rs', 'application/octet-stream', 'fn main() {}', 'text'],
		['paper.pdf', '', '%PDF-1.7', 'pdf']
	])('%s goes by its extension', (name, mime, text, kind) => {
		expect(detectKind(name, mime, bytes(text))).toBe(kind);
	});

	test('goes by its MIME type where the extension says nothing', () => {
		expect(detectKind('README', 'text/markdown; charset=utf-8', bytes('# Hi'))).toBe('markdown');
		expect(detectKind('download', 'application/pdf', bytes('damaged'))).toBe('pdf');
	});

	test('goes by its look where nothing else is known', () => {
		expect(detectKind('saved', '', bytes('\n<!DOCTYPE html><p>'))).toBe('html');
		expect(detectKind('LICENSE', '', bytes('Permission is granted'))).toBe('text');
	});

	test('is a PDF whatever its name is', () => {
		expect(detectKind('report.md', 'text/markdown', bytes('\n%PDF-1.4\n'))).toBe('pdf');
	});

	test('is nothing we know when it is binary, even under the name of a text', () => {
		const zip = Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0, 8, 0);
		expect(detectKind('report.docx', '', zip)).toBeNull();
		const noise = Uint8Array.from({ length: 300 }, (_, index) => ((index * 89) % 255) + 1);
		expect(detectKind('garbage.md', 'text/markdown', noise)).toBeNull();
	});

	test('is text in UTF-16, in spite of its zero bytes', () => {
		expect(detectKind('wide.txt', '', Uint8Array.of(0xff, 0xfe, 0x48, 0, 0x69, 0))).toBe('text');
	});

	test('is text when it is empty', () => {
		expect(detectKind('empty', '', new Uint8Array())).toBe('text');
	});
});
