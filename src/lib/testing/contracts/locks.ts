import { beforeEach, describe, expect, test } from 'vitest';
import { newId } from '../../core/ids.ts';
import type { Locks } from '../../ports/locks.ts';

/** Work that holds a lock until it is told to end. */
function holding() {
	const started = Promise.withResolvers<null>();
	const end = Promise.withResolvers<string>();
	const run = (): Promise<string> => {
		started.resolve(null);
		return end.promise;
	};
	return { run, started: started.promise, end: () => end.resolve('done') };
}

/** The promises of `Locks`, checked on one implementation. */
export function describeLocks(name: string, make: () => Locks): void {
	describe(`${name} as Locks`, () => {
		let locks: Locks;
		let lock: string;

		beforeEach(() => {
			locks = make();
			lock = newId();
		});

		test('runs the work and gives its value', async () => {
			expect(await locks.hold(lock, async () => 42)).toBe(42);
		});

		test('rejects with what the work threw, and frees the lock', async () => {
			const failure = new DOMException('my own', 'AbortError');
			await expect(locks.hold(lock, () => Promise.reject(failure))).rejects.toBe(failure);
			expect(await locks.hold(lock, async () => 'free')).toBe('free');
		});

		test('lets one run at a time, in the order of asking', async () => {
			const log: string[] = [];
			const work = (id: string) =>
				locks.hold(lock, async () => {
					log.push(`${id} in`);
					await Promise.resolve();
					log.push(`${id} out`);
				});
			await Promise.all([work('a'), work('b'), work('c')]);
			expect(log).toEqual(['a in', 'a out', 'b in', 'b out', 'c in', 'c out']);
		});

		test('keeps locks of other names apart', async () => {
			const first = holding();
			const held = locks.hold(lock, first.run);
			await first.started;
			expect(await locks.hold(`${lock}-other`, async () => 'at once')).toBe('at once');
			first.end();
			expect(await held).toBe('done');
		});

		test('stops waiting when the signal aborts, without ever running', async () => {
			const first = holding();
			const held = locks.hold(lock, first.run);
			await first.started;
			const controller = new AbortController();
			let ran = false;
			const waiting = locks.hold(lock, async () => void (ran = true), {
				signal: controller.signal
			});
			controller.abort();
			await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
			first.end();
			await held;
			await locks.hold(lock, async () => undefined);
			expect(ran).toBe(false);
		});

		test('does not start for a signal that aborted before', async () => {
			const signal = AbortSignal.abort();
			const held = locks.hold(lock, async () => 'ran', { signal });
			await expect(held).rejects.toMatchObject({ code: 'cancelled' });
		});

		test('goes on when the signal aborts while the work is running', async () => {
			const controller = new AbortController();
			const work = holding();
			const held = locks.hold(lock, work.run, { signal: controller.signal });
			await work.started;
			controller.abort();
			work.end();
			expect(await held).toBe('done');
		});

		test('tells without waiting that the lock is taken', async () => {
			const first = holding();
			const held = locks.hold(lock, first.run);
			await first.started;
			expect(await locks.tryHold(lock, async () => 1)).toEqual({ held: false });
			first.end();
			await held;
			expect(await locks.tryHold(lock, async () => 1)).toEqual({ held: true, value: 1 });
		});

		test('rejects with what the tried work threw', async () => {
			const failure = new Error('my own');
			await expect(locks.tryHold(lock, () => Promise.reject(failure))).rejects.toBe(failure);
		});

		test('steals: the thief runs at once, the victim hears of it', async () => {
			const victim = holding();
			const held = locks.hold(lock, victim.run);
			const heard = expect(held).rejects.toMatchObject({ code: 'tab/leader-changed' });
			await victim.started;
			const thief = holding();
			const stolen = locks.hold(lock, thief.run, { steal: true });
			await thief.started;
			await heard;
			expect(await locks.tryHold(lock, async () => 1)).toEqual({ held: false });
			victim.end();
			expect(await locks.tryHold(lock, async () => 1)).toEqual({ held: false });
			thief.end();
			expect(await stolen).toBe('done');
		});

		test('stealing a free lock takes it', async () => {
			expect(await locks.hold(lock, async () => 'mine', { steal: true })).toBe('mine');
		});
	});
}
