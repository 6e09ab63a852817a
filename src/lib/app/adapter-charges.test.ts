import { describe, expect, test } from 'vitest';
import { AppError } from '../core/errors.ts';
import type { AdapterId } from '../core/ids.ts';
import type { AdapterUse } from '../core/setup.ts';
import { AdapterCharges } from './adapter-charges.ts';

const [style, law] = ['style', 'law'].map((id): AdapterUse => ({
	adapter: id as AdapterId,
	strength: 1
})) as [AdapterUse, AdapterUse];
const noMatch = new AppError('adapter/no-match', { details: { adapter: 'law' } });
const full = new AppError('engine/out-of-memory');

describe('the adapters of an engine', () => {
	test('are all on at first', () => {
		expect(new AdapterCharges([style, law]).on).toEqual([style, law]);
	});

	test('stay on after a failure that cannot be theirs', () => {
		const charges = new AdapterCharges([style]);
		for (const code of ['library/not-installed', 'engine/no-webgpu', 'cancelled'] as const) {
			expect(charges.leaveOut(new AppError(code), 'loaded')).toEqual([]);
		}
		expect(charges.on).toEqual([style]);
		expect(charges.proven('answered')).toEqual([]);
	});

	test('are nobody’s fault where there are none', () => {
		expect(new AdapterCharges([]).leaveOut(full, 'loaded')).toEqual([]);
	});

	test('lose the one that an error names, and keep the others', () => {
		const charges = new AdapterCharges([style, law]);
		expect(charges.leaveOut(noMatch, 'loaded')).toEqual([law]);
		expect(charges.on).toEqual([style]);
	});

	test('are all left out where an error names none', () => {
		const charges = new AdapterCharges([style, law]);
		expect(charges.leaveOut(full, 'loaded')).toEqual([style, law]);
		expect(charges.on).toEqual([]);
	});
});

describe('a charge', () => {
	test('is brought once, when the engine has loaded without them', () => {
		const charges = new AdapterCharges([style, law]);
		charges.leaveOut(full, 'loaded');
		expect(charges.proven('loaded')).toEqual([{ uses: [style, law], error: full }]);
		expect(charges.proven('answered')).toEqual([]);
		expect(charges.on).toEqual([]);
	});

	test('of a failed answer waits for an answer', () => {
		const charges = new AdapterCharges([style]);
		charges.leaveOut(full, 'answered');
		expect(charges.proven('loaded')).toEqual([]);
		expect(charges.proven('answered')).toHaveLength(1);
	});

	test('is dropped where the engine fails without them too, and they are on again', () => {
		const charges = new AdapterCharges([style, law]);
		charges.leaveOut(full, 'loaded');
		expect(charges.clear()).toBe(true);
		expect(charges.on).toEqual([style, law]);
		expect(charges.proven('answered')).toEqual([]);
		expect(charges.clear()).toBe(false);
	});

	test('stands where the error is about the adapter itself', () => {
		const charges = new AdapterCharges([style, law]);
		charges.leaveOut(noMatch, 'loaded');
		expect(charges.clear()).toBe(false);
		charges.leaveOut(full, 'loaded');
		expect(charges.clear()).toBe(true);
		expect(charges.on).toEqual([style]);
		expect(charges.proven('loaded')).toEqual([{ uses: [law], error: noMatch }]);
	});
});
