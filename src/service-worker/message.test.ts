import { expect, test } from 'vitest';
import { parseMessage } from './message.ts';

test('knows its messages and drops what does not belong to them', () => {
	expect(parseMessage({ type: 'activate', urls: [1] })).toEqual({ type: 'activate' });
	expect(parseMessage({ type: 'claim' })).toEqual({ type: 'claim' });
	expect(parseMessage({ type: 'install', urls: ['a'] })).toEqual({ type: 'install', urls: ['a'] });
	expect(parseMessage({ type: 'missing', urls: [] })).toEqual({ type: 'missing', urls: [] });
	expect(parseMessage({ type: 'allow-origins', origins: ['https://a.example'] })).toEqual({
		type: 'allow-origins',
		origins: ['https://a.example']
	});
	expect(parseMessage({ type: 'allow-servers', origins: ['http://localhost:11434'] })).toEqual({
		type: 'allow-servers',
		origins: ['http://localhost:11434']
	});
});

test.for([
	null,
	'activate',
	{},
	{ type: 'SKIP_WAITING' },
	{ type: 'install' },
	{ type: 'install', urls: 'a' },
	{ type: 'install', urls: ['a', 1] },
	{ type: 'allow-origins', origins: [null] },
	{ type: 'allow-servers' }
])('%j is no message of the app', (data) => {
	expect(parseMessage(data)).toBeNull();
});
