import { describe, expect, test } from 'vitest';
import { toHex } from '../../core/bytes.ts';
import type { HasherFactory } from '../../ports/hasher.ts';

const text = (value: string) => new TextEncoder().encode(value);

/** The promises of `HasherFactory`, checked on one implementation against the platform's own SHA-256. */
export function describeHasher(name: string, factory: HasherFactory): void {
	describe(`${name} as a HasherFactory`, () => {
		const body = Uint8Array.from({ length: 100_003 }, (_, i) => (i * 31) % 257);
		const truth = async (bytes: Uint8Array<ArrayBuffer>) =>
			toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)));

		test('knows the hash of nothing and of "abc"', async () => {
			expect(await (await factory.create()).digest()).toBe(
				'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
			);
			const hasher = await factory.create();
			await hasher.update(text('abc'));
			expect(await hasher.digest()).toBe(
				'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'
			);
		});

		test('gives the same hash however the bytes are cut', async () => {
			const hasher = await factory.create();
			for (let at = 0; at < body.length; at += 777)
				await hasher.update(body.subarray(at, at + 777));
			expect(await hasher.digest()).toBe(await truth(body));
		});

		test('takes many megabytes at once, and gives the buffer back for other bytes', async () => {
			const large = new Uint8Array(9_000_001).map((_, i) => i % 251);
			const expected = await truth(large);
			const hasher = await factory.create();
			await hasher.update(large);
			expect(large.byteLength).toBe(9_000_001);
			large.fill(0);
			expect(await hasher.digest()).toBe(expected);
		});

		test('answers calls in their order, awaited or not', async () => {
			const hasher = await factory.create();
			const calls = [hasher.update(body), hasher.save(), hasher.update(body)] as const;
			const second = await factory.resume(await calls[1]);
			await Promise.all(calls);
			expect(await second.digest()).toBe(await truth(body));
			const twice = new Uint8Array([...body, ...body]);
			expect(await hasher.digest()).toBe(await truth(twice));
		});

		test.each([0, 1, 63, 64, 65, 4096, 99_999])(
			'goes on from a state after %i bytes',
			async (at) => {
				const first = await factory.create();
				await first.update(body.subarray(0, at));
				const state = structuredClone(await first.save());
				const second = await factory.resume(state);
				await second.update(body.subarray(at));
				expect(await second.digest()).toBe(await truth(body));
			}
		);

		test('goes on itself after it was saved', async () => {
			const hasher = await factory.create();
			await hasher.update(body.subarray(0, 10));
			await hasher.save();
			await hasher.update(body.subarray(10));
			expect(await hasher.digest()).toBe(await truth(body));
		});

		test('runs several hashes side by side', async () => {
			const [a, b] = [await factory.create(), await factory.create()];
			await Promise.all([a.update(text('a')), b.update(text('b')), a.update(text('a'))]);
			expect(await a.digest()).toBe(await truth(text('aa')));
			expect(await b.digest()).toBe(await truth(text('b')));
		});

		test('refuses a state of another build, and one that was cut short', async () => {
			const state = await (await factory.create()).save();
			const other = state.slice();
			other[10] = (other[10] ?? 0) ^ 1;
			for (const bad of [other, state.slice(0, -1), state.slice(0, 5), new Uint8Array(0)])
				await expect(factory.resume(bad)).rejects.toMatchObject({ code: 'storage/corrupt' });
		});
	});
}
