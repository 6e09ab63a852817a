import { expect, test } from 'vitest';
import { pageFor } from './page-for.ts';

const pages = ['/', '/help', '/memory/knowledge'];

test('a page is served at its own path', () => {
	expect(pageFor('/', pages)).toEqual({ type: 'serve', path: '/' });
	expect(pageFor('/memory/knowledge', pages)).toEqual({ type: 'serve', path: '/memory/knowledge' });
});

test.for([
	['/help/', '/help'],
	['/help.html', '/help'],
	['/index.html', '/'],
	['/memory/knowledge/index.html', '/memory/knowledge']
] as const)('%s is sent to %s', ([asked, path]) => {
	expect(pageFor(asked, pages)).toEqual({ type: 'redirect', path });
});

test('the host is asked about everything else', () => {
	expect(pageFor('/elsewhere', pages)).toEqual({ type: 'network' });
	expect(pageFor('/memory', pages)).toEqual({ type: 'network' });
});

test('the app may live below a path', () => {
	const below = ['/sam/', '/sam/help'];
	expect(pageFor('/sam/', below)).toEqual({ type: 'serve', path: '/sam/' });
	expect(pageFor('/sam', below)).toEqual({ type: 'redirect', path: '/sam/' });
	expect(pageFor('/sam/index.html', below)).toEqual({ type: 'redirect', path: '/sam/' });
});
