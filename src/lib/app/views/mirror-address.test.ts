import { expect, test } from 'vitest';
import { parseMirror } from './mirror-address.ts';

test.for([
	['https://mirror.example', 'https://mirror.example/'],
	['  https://mirror.example/hf// ', 'https://mirror.example/hf/'],
	['http://localhost:8080', 'http://localhost:8080/'],
	['http://127.0.0.1/models', 'http://127.0.0.1/models/'],
	['HTTPS://Mirror.Example/A', 'https://mirror.example/A/']
] as const)('"%s" is kept as %s', ([text, address]) => {
	expect(parseMirror(text)).toEqual({ address });
});

test.for([
	['', /^Enter/],
	['mirror.example', /no address/],
	['https://', /no address/],
	['http://mirror.example', /needs https/],
	['ftp://mirror.example', /needs https/],
	['https://me:secret@mirror.example', /name or a password/],
	['https://mirror.example/?key=1', /no “\?”/]
] as const)('"%s" is refused: %s', ([text, problem]) => {
	const parsed = parseMirror(text);
	expect('problem' in parsed && parsed.problem).toMatch(problem);
});
