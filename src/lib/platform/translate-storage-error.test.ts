import { describe, expect, test } from 'vitest';
import { AppError } from '../core/errors.ts';
import { translateStorageError } from './translate-storage-error.ts';

describe('translateStorageError', () => {
	test.each([
		['QuotaExceededError', 'storage/quota'],
		['ConstraintError', 'storage/conflict'],
		['VersionError', 'storage/version-newer'],
		['AbortError', 'storage/unavailable'],
		['InvalidStateError', 'storage/unavailable'],
		['UnknownError', 'storage/unavailable'],
		['SecurityError', 'storage/unavailable'],
		['NotReadableError', 'storage/corrupt'],
		['DataCloneError', 'bug'],
		['NotFoundError', 'bug']
	])('%s becomes %s', (name, code) => {
		const error = new DOMException('the reason', name);
		expect(translateStorageError(error)).toMatchObject({ code, cause: error });
	});

	test('puts the reason into the sentence', () => {
		const error = translateStorageError(new DOMException('no disk', 'UnknownError'));
		expect(error.message).toContain('no disk');
		expect(translateStorageError(new DOMException('', 'UnknownError')).message).toContain(
			'UnknownError'
		);
		expect(translateStorageError(new DOMException('torn', 'NotReadableError')).message).toContain(
			'torn'
		);
	});

	test('leaves our own errors as they are', () => {
		const ours = new AppError('storage/blocked');
		expect(translateStorageError(ours)).toBe(ours);
	});

	test('makes a bug of what is no error at all', () => {
		expect(translateStorageError('odd')).toMatchObject({ code: 'bug', details: { reason: 'odd' } });
	});
});
