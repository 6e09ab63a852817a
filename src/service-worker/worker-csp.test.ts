import { describe, expect, test } from 'vitest';
import { isOrigin, policyHeader, startsWorker, withPolicy, workerPolicy } from './worker-csp.ts';

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

describe('what a worker may reach', () => {
	const allowed = { hosts: ['https://mirror.example'], servers: ['http://localhost:11434'] };
	const hub = 'https://huggingface.co https://*.hf.co';

	test.each([
		['library.worker-2a7rXDFo.js', `'self' ${hub} https://mirror.example`],
		['engine.worker-CxqL_vI5.js', "'self' http://localhost:11434"],
		['server.worker-CxqL_vI5.js', "'self' http://localhost:11434"],
		['knowledge.worker-to5u6KFg.js', "'self'"],
		['hash.worker-B5ntCU3a.js', "'self'"],
		['pdf.worker.min-CjjyN-DQ.js', "'self'"],
		['engine-library.js', "'self'"]
	])('from %s is %s', (file, expected) => {
		const script = `https://app.example/sam/_app/immutable/workers/${file}`;
		const policy = workerPolicy(script, directives, allowed).split('; ');
		expect(policy).toContain(`connect-src ${expected}`);
		expect(policy).toContain("default-src 'none'");
		expect(policy).toHaveLength(Object.keys(directives).length);
	});

	test('an engine without servers reaches nothing', () => {
		const script = 'https://app.example/_app/immutable/workers/engine.worker-CxqL_vI5.js';
		const policy = workerPolicy(script, directives, { ...allowed, servers: [] });
		expect(policy).toContain("connect-src 'self'");
		expect(policy).not.toContain('huggingface');
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
