import { expect, test } from 'vitest';
import { frozenModelOf, listingOf } from '../../testing/listing-of.ts';
import { fitSubject } from './model-fit.ts';

const file = { path: 'a', url: null, sha256: null };

test('the largest file is known only when all sizes are', () => {
	const some = listingOf('A', {
		entry: {
			files: [
				{ ...file, bytes: 5 },
				{ ...file, bytes: null }
			]
		}
	});
	expect(fitSubject(some).largestFileBytes).toBeNull();
	const all = listingOf('A', {
		entry: {
			files: [
				{ ...file, bytes: 5 },
				{ ...file, bytes: 7 }
			]
		}
	});
	expect(fitSubject(all).largestFileBytes).toBe(7);
	expect(fitSubject(listingOf('A')).largestFileBytes).toBe(0);
});

test('the files of a frozen model count, not those on offer', () => {
	const listing = listingOf('A', { entry: { files: [{ ...file, bytes: null }] } });
	expect(fitSubject({ ...listing, frozen: frozenModelOf(listing, 9) }).largestFileBytes).toBe(9);
});

test('what is stored needs no more room', () => {
	const at = (state: Parameters<typeof listingOf>[1]): number | undefined =>
		fitSubject(listingOf('A', state)).alreadyStoredBytes;
	expect(at({})).toBe(0);
	expect(at({ state: { at: 'downloading', done: 3, total: 9, bytesPerSecond: null } })).toBe(3);
	expect(at({ state: { at: 'installed', bytes: 9, installedAt: 0, verifiedAt: 0 } })).toBe(9);
});
