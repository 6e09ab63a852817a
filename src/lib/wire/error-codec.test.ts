import { expose, wrap } from 'comlink';
import { describe, expect, test } from 'vitest';
import { AppError } from '../core/errors.ts';
import { decodeError, encodeError, installErrorCodec } from './error-codec.ts';

/** What an error looks like after a structured clone, as between threads. */
function crossed(error: unknown): AppError {
	return decodeError(structuredClone(encodeError(error)));
}

describe('the error codec', () => {
	test('keeps code, remedy, details, message and stack of our errors', () => {
		const original = new AppError('storage/missing', { details: { what: 'a part', index: 3 } });
		const copy = crossed(original);
		expect(copy).toBeInstanceOf(AppError);
		expect(copy).toMatchObject({
			code: 'storage/missing',
			remedy: 'repair',
			details: { what: 'a part', index: 3 },
			message: original.message,
			stack: original.stack
		});
	});

	test('tells the stacks of the causes too', () => {
		const cause = new TypeError('deep down');
		const copy = crossed(new AppError('bug', { cause, details: { reason: 'x' } }));
		expect(copy.stack).toContain('Caused by: TypeError: deep down');
	});

	test('makes a bug of a foreign error, with its message as the reason', () => {
		expect(crossed(new RangeError('out of range'))).toMatchObject({
			code: 'bug',
			details: { reason: 'out of range' }
		});
		expect(crossed('just text').details).toEqual({ reason: 'just text' });
	});

	test('makes an abort a cancellation', () => {
		expect(crossed(new DOMException('stop', 'AbortError')).code).toBe('cancelled');
	});

	test('survives a code that this side does not know', () => {
		const wire = { ...encodeError(new AppError('cancelled')), code: 'future/thing' };
		expect(decodeError(wire as never).code).toBe('bug');
	});

	test('carries errors over Comlink, however often it is installed', async () => {
		installErrorCodec();
		installErrorCodec();
		const { port1, port2 } = new MessageChannel();
		const service = {
			ours: () => Promise.reject(new AppError('download/http', { details: { status: 503 } })),
			foreign: () => {
				throw new TypeError('not a function');
			}
		};
		expose(service, port1);
		const remote = wrap<typeof service>(port2);
		await expect(remote.ours()).rejects.toMatchObject({
			code: 'download/http',
			details: { status: 503 }
		});
		await expect(remote.foreign()).rejects.toMatchObject({ code: 'bug' });
		port1.close();
	});
});
