import { describe, expect, test } from 'vitest';
import type { AppError } from '../../core/errors.ts';
import { parseAddress } from './parse-address.ts';

const repository = 'Xenova/all-MiniLM-L6-v2';
const commit = '751bff37182d3f1213fa05d7196b954e230abad9';
const hub = (revision = 'main') => ({
	kind: 'hub',
	source: { host: 'huggingface', repository },
	revision
});

describe('a model of the hub', () => {
	test.each([
		['owner/name', repository, 'main'],
		['spaces around it', `  ${repository}\n`, 'main'],
		['a branch', `${repository}@dev`, 'dev'],
		['a commit', `${repository}@${commit}`, commit],
		['a pull request', `${repository}@refs/pr/3`, 'refs/pr/3'],
		['its page', `https://huggingface.co/${repository}`, 'main'],
		['its page with a slash', `https://huggingface.co/${repository}/`, 'main'],
		['the short host', `https://hf.co/${repository}`, 'main'],
		['www', `https://www.huggingface.co/${repository}`, 'main'],
		['no scheme', `huggingface.co/${repository}`, 'main'],
		['a query and a fragment', `https://huggingface.co/${repository}?library=onnx#files`, 'main'],
		['the files of a branch', `https://huggingface.co/${repository}/tree/dev`, 'dev'],
		['a folder', `https://huggingface.co/${repository}/tree/${commit}/onnx`, commit],
		['one file', `https://huggingface.co/${repository}/blob/main/onnx/model.onnx`, 'main'],
		['a download', `https://huggingface.co/${repository}/resolve/dev/config.json`, 'dev'],
		['an escaped branch', `https://huggingface.co/${repository}/tree/refs%2Fpr%2F3`, 'refs/pr/3'],
		['a discussion', `https://huggingface.co/${repository}/discussions/2`, 'main']
	])('is understood as %s', (_, text, revision) => {
		expect(parseAddress(text)).toEqual(hub(revision));
	});
});

describe('a page of a mirror', () => {
	const mirrors = ['https://mirror.example/', 'http://localhost:8080/hf/'];

	test('means the same model, and tells which mirror', () => {
		expect(parseAddress(`https://mirror.example/${repository}/tree/dev`, mirrors)).toEqual({
			...hub('dev'),
			base: 'https://mirror.example/'
		});
		expect(parseAddress(`http://localhost:8080/hf/${repository}`, mirrors)).toMatchObject(hub());
	});

	test('is understood when the mirror was entered without its last slash', () => {
		const page = `https://mirror.example/${repository}`;
		expect(parseAddress(page, ['https://mirror.example'])).toMatchObject(hub());
		const other = parseAddress('https://mirror.example.org/a', ['https://mirror.example']);
		expect(other.kind).toBe('folder');
	});

	test('is a folder on a host that is no mirror', () => {
		expect(parseAddress(`https://mirror.example/${repository}`)).toEqual({
			kind: 'folder',
			url: `https://mirror.example/${repository}/`
		});
	});

	test('is a folder when it lies deeper than models do, or names its sam-model.json', () => {
		const deep = 'https://mirror.example/exports/of/mine/';
		expect(parseAddress(deep, mirrors)).toEqual({ kind: 'folder', url: deep });
		const named = 'https://mirror.example/exports/resolve/resolve/sam-model.json';
		expect(parseAddress(named, mirrors)).toMatchObject({ kind: 'folder' });
	});
});

describe('a folder', () => {
	test.each([
		['https://files.example/models/a', 'https://files.example/models/a/'],
		['https://files.example/models/a/', 'https://files.example/models/a/'],
		['https://files.example/a/sam-model.json', 'https://files.example/a/'],
		['https://files.example', 'https://files.example/'],
		['http://localhost:9000/a', 'http://localhost:9000/a/'],
		['http://127.0.0.1/a b', 'http://127.0.0.1/a%20b/'],
		['https://files.example/v1.5', 'https://files.example/v1.5/']
	])('%s is looked up at %s', (text, url) => {
		expect(parseAddress(text)).toEqual({ kind: 'folder', url });
	});
});

test.each([
	['', 'it is empty'],
	['   ', 'it is empty'],
	['all-MiniLM-L6-v2', 'the name of its owner is missing, as in owner/name'],
	['files.example/models/a', 'a web address begins with https://'],
	['own er/name', 'a name has letters, digits'],
	['owner/', 'a name has letters, digits'],
	['owner/name@', '“” is no name of a branch, tag or commit'],
	['owner/name@../x', '“../x” is no name of a branch, tag or commit'],
	['http://files.example/a', 'it is not encrypted; it must begin with https://'],
	['http://huggingface.co/a/b', 'it is not encrypted'],
	['file:///home/me/model', '“file:” addresses cannot be read'],
	['ftp://files.example/a', '“ftp:” addresses cannot be read'],
	['https://', 'it cannot be read'],
	['https://me:secret@files.example/a', 'it holds a name or a password'],
	['https://files.example/a?token=1', 'the address of a folder has no “?”'],
	['https://files.example/model.gguf', 'model.gguf is one file, not the folder of a model'],
	['https://huggingface.co', 'it names no model'],
	['https://huggingface.co/Xenova', 'it names only the owner, Xenova'],
	['https://huggingface.co/datasets/a/b', 'it is the page of a data set'],
	['https://huggingface.co/spaces/a/b', 'it is the page of a space'],
	['https://huggingface.co/collections/a/b', 'it is a collection of models']
])('“%s” is refused: %s', (text, reason) => {
	expect(() => parseAddress(text)).toThrow(
		expect.objectContaining({
			code: 'add/bad-address',
			details: expect.objectContaining({
				reason: expect.stringContaining(reason) as string
			}) as unknown
		})
	);
});

test('the error tells the address, but no password and no token', () => {
	const address = (text: string) => {
		try {
			return parseAddress(text);
		} catch (error) {
			return (error as AppError).details.address;
		}
	};
	expect(address(' all-MiniLM-L6-v2 ')).toBe('all-MiniLM-L6-v2');
	expect(address('https://me:secret@files.example/a?b')).toBe('https://…@files.example/a?…');
	expect(address('https://files.example/a?token=1')).toBe('https://files.example/a?…');
});
