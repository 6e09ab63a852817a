import { describe, expect, test } from 'vitest';
import { isOrigin, policyHeader, startsWorker, withPolicy } from './worker-csp.ts';

const directives = {
	'default-src': ['none'],
	'script-src': ['self', 'wasm-unsafe-eval'],
	'style-src': ['self', 'sha256-S8qMpvofolR8Mpjy4kQvEm7m1q8clzU4dfDH0AmvZjo='],
	'img-src': ['self', 'data:'],
	'connect-src': ['self', 'https://huggingface.co', 'https://*.hf.co']
};

describe('policyHeader', () => {
	test('quotes keywords and hashes, and nothing else', () => {
		expect(policyHeader(directives)).toBe(
			"default-src 'none'; " +
				"script-src 'self' 'wasm-unsafe-eval'; " +
				"style-src 'self' 'sha256-S8qMpvofolR8Mpjy4kQvEm7m1q8clzU4dfDH0AmvZjo='; " +
				"img-src 'self' data:; " +
				"connect-src 'self' https://huggingface.co https://*.hf.co"
		);
	});

	test('lets workers reach the hosts that the user added, and widens nothing else', () => {
		const policy = policyHeader(directives, ['http://localhost:8000']).split('; ');
		expect(policy.filter((directive) => directive.includes('localhost'))).toEqual([
			"connect-src 'self' https://huggingface.co https://*.hf.co http://localhost:8000"
		]);
	});

	test('takes nothing as a host that could mean more than one', () => {
		const policy = policyHeader(directives, [
			'*',
			'https:',
			"https://a.example; script-src 'unsafe-eval'"
		]);
		expect(policy).toBe(policyHeader(directives));
	});
});

test.for([
	['https://models.example', true],
	['http://127.0.0.1:11434', true],
	['http://[::1]:8000', true],
	['https://models.example/', false],
	['https://models.example/path', false],
	['https://*.example', false],
	['https://user@models.example', false],
	['javascript:alert(1)', false],
	['https://a.example https://b.example', false],
	['', false]
] as const)('%s as an origin: %s', ([text, expected]) => {
	expect(isOrigin(text)).toBe(expected);
});

test('only the scripts that workers start from get the policy', () => {
	expect(startsWorker({ destination: 'worker' })).toBe(true);
	expect(startsWorker({ destination: 'sharedworker' })).toBe(true);
	expect(startsWorker({ destination: 'script' })).toBe(false);
	expect(startsWorker({ destination: 'document' })).toBe(false);
});

test('a response keeps its body, status and headers under the policy', async () => {
	const script = new Response('self.close()', {
		status: 203,
		headers: { 'content-type': 'text/javascript', 'content-security-policy': 'default-src *' }
	});
	const bound = withPolicy(script, "default-src 'none'");
	expect(bound.status).toBe(203);
	expect(bound.headers.get('content-type')).toBe('text/javascript');
	expect(bound.headers.get('content-security-policy')).toBe("default-src 'none'");
	expect(await bound.text()).toBe('self.close()');
});
