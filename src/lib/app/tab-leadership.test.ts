import { describe, expect, test } from 'vitest';
import { AppError } from '../core/errors.ts';
import { nextTask } from '../core/next-task.ts';
import type { Locks } from '../ports/locks.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { MemoryLocks } from '../testing/memory-locks.ts';
import { MemoryTabHub } from '../testing/memory-tab-channel.ts';
import type { AppMessage } from './app-message.ts';
import { TabLeadership, type TabRole } from './tab-leadership.ts';

/** Tabs of one browser. `frozen` ones hear no messages, as the browser does to tabs in the background. */
class Browser {
	readonly clock = new ManualClock();
	readonly #hub = new MemoryTabHub<AppMessage>();
	readonly #locks = new MemoryLocks();

	tab({ frozen = false } = {}) {
		const locks = this.#locks.anotherTab();
		const channel = frozen ? new MemoryTabHub<AppMessage>().join() : this.#hub.join();
		const leadership = new TabLeadership({ locks, channel, clock: this.clock });
		const roles: TabRole[] = [];
		leadership.onChange((role) => roles.push(role));
		const close = (): void => {
			locks.die();
			channel.close();
		};
		return { leadership, roles, close };
	}

	/** A tab that has started. */
	async opened(options: { frozen?: boolean } = {}) {
		const tab = this.tab(options);
		await tab.leadership.start();
		return tab;
	}
}

describe('at start', () => {
	test('the first tab leads, and the others follow', async () => {
		const browser = new Browser();
		expect(await browser.tab().leadership.start()).toBe('leading');
		expect(await browser.tab().leadership.start()).toBe('following');
		expect(await browser.tab().leadership.start()).toBe('following');
	});

	test('nothing is known before', () => {
		expect(new Browser().tab().leadership.role).toBe('starting');
	});

	test('says why when the browser grants no locks', async () => {
		const failing = (): Promise<never> => Promise.reject(new AppError('storage/unavailable'));
		const locks: Locks = { hold: failing, tryHold: failing };
		const channel = new MemoryTabHub<AppMessage>().join();
		const leadership = new TabLeadership({ locks, channel, clock: new ManualClock() });
		await expect(leadership.start()).rejects.toMatchObject({ code: 'storage/unavailable' });
		expect(leadership.role).toBe('starting');
	});
});

describe('a tab that retires', () => {
	test('puts its work down, gives the lead to the next one, and never takes it again', async () => {
		const browser = new Browser();
		const [first, second] = [await browser.opened(), await browser.opened()];
		const order: string[] = [];
		first.leadership.beforeRelease(async () => void order.push('put down'));
		second.leadership.onChange((role) => order.push(role));
		await first.leadership.retire();
		await expect.poll(() => second.leadership.role).toBe('leading');
		expect(order).toEqual(['put down', 'leading']);
		second.close();
		await first.leadership.takeOver();
		await browser.clock.advance(10_000);
		expect(first.leadership.role).toBe('following');
	});

	test('leaves the queue when it follows', async () => {
		const browser = new Browser();
		const [first, second, third] = [
			await browser.opened(),
			await browser.opened(),
			await browser.opened()
		];
		await second.leadership.retire();
		first.close();
		await expect.poll(() => third.leadership.role).toBe('leading');
		expect(second.roles).toEqual(['following']);
	});

	test('does not lead at all when it has not begun to', async () => {
		const browser = new Browser();
		const tab = browser.tab();
		await tab.leadership.retire();
		expect(await tab.leadership.start()).toBe('following');
	});
});

test('the tab that waits longest leads when the leader is closed', async () => {
	const browser = new Browser();
	const first = await browser.opened();
	const second = await browser.opened();
	const third = await browser.opened();
	first.close();
	await nextTask();
	expect(second.roles).toEqual(['following', 'leading']);
	expect(third.roles).toEqual(['following']);
});

describe('taking over', () => {
	test('the leader gives way once it has put its work down', async () => {
		const browser = new Browser();
		const log: string[] = [];
		const putDown = Promise.withResolvers<null>();
		const leader = await browser.opened();
		const asker = await browser.opened();
		leader.leadership.beforeRelease(async () => {
			log.push(`puts down as ${leader.leadership.role}`);
			await putDown.promise;
			log.push('has put down');
		});
		asker.leadership.onChange((role) => log.push(`asker is ${role}`));
		const taken = asker.leadership.takeOver();
		await nextTask();
		putDown.resolve(null);
		await taken;
		expect(log).toEqual(['puts down as leading', 'has put down', 'asker is leading']);
		expect(leader.leadership.role).toBe('following');
	});

	test('a leader that cannot put its work down gives way all the same', async () => {
		const browser = new Browser();
		const leader = await browser.opened();
		const asker = await browser.opened();
		leader.leadership.beforeRelease(() => Promise.reject(new AppError('storage/quota')));
		await asker.leadership.takeOver();
		expect([leader.leadership.role, asker.leadership.role]).toEqual(['following', 'leading']);
	});

	test('two requests at once put the work down once', async () => {
		const browser = new Browser();
		const leader = await browser.opened();
		const asker = await browser.opened();
		let times = 0;
		leader.leadership.beforeRelease(async () => {
			times++;
			await nextTask();
		});
		await Promise.all([asker.leadership.takeOver(), asker.leadership.takeOver()]);
		expect(times).toBe(1);
		expect(asker.leadership.role).toBe('leading');
	});

	test('a third tab that waited longer does not jump the queue', async () => {
		const browser = new Browser();
		const leader = await browser.opened();
		const third = await browser.opened();
		const asker = await browser.opened();
		await asker.leadership.takeOver();
		expect(leader.leadership.role).toBe('following');
		expect(third.roles).toEqual(['following']);
	});

	test('the third tab is back in the queue some seconds later', async () => {
		const browser = new Browser();
		const leader = await browser.opened();
		const third = await browser.opened();
		const asker = await browser.opened();
		await asker.leadership.takeOver();
		await browser.clock.advance(5000);
		leader.close();
		asker.close();
		await nextTask();
		expect(third.leadership.role).toBe('leading');
	});

	test('the former leader leads again when its successor is closed', async () => {
		const browser = new Browser();
		const leader = await browser.opened();
		const asker = await browser.opened();
		await asker.leadership.takeOver();
		asker.close();
		await nextTask();
		expect(leader.roles).toEqual(['leading', 'following', 'leading']);
	});

	test('nothing is asked of anybody by the tab that leads', async () => {
		const browser = new Browser();
		const leader = await browser.opened();
		await leader.leadership.takeOver();
		expect(browser.clock.sleeping).toBe(0);
		expect(leader.roles).toEqual(['leading']);
	});

	test('a tab that has just made room may ask at once', async () => {
		const browser = new Browser();
		await browser.opened();
		const second = await browser.opened();
		const third = await browser.opened();
		await third.leadership.takeOver();
		await second.leadership.takeOver();
		expect([second.leadership.role, third.leadership.role]).toEqual(['leading', 'following']);
		expect(browser.clock.now()).toBe(0);
	});

	test('leaves no timer behind that would take the lock later', async () => {
		const browser = new Browser();
		const leader = await browser.opened();
		const asker = await browser.opened();
		await asker.leadership.takeOver();
		await leader.leadership.takeOver();
		await browser.clock.advance(60_000);
		expect([leader.leadership.role, asker.leadership.role]).toEqual(['leading', 'following']);
	});
});

describe('a leader that does not answer', () => {
	test('keeps the lead for five seconds, then it is taken from it', async () => {
		const browser = new Browser();
		const leader = await browser.opened({ frozen: true });
		const asker = await browser.opened();
		const taken = asker.leadership.takeOver();
		await browser.clock.advance(4999);
		expect(asker.leadership.role).toBe('following');
		await browser.clock.advance(1);
		await taken;
		expect([leader.leadership.role, asker.leadership.role]).toEqual(['following', 'leading']);
	});

	test('puts its work down when the lead was taken from it', async () => {
		const browser = new Browser();
		const leader = await browser.opened({ frozen: true });
		const asker = await browser.opened();
		const putDown: TabRole[] = [];
		leader.leadership.beforeRelease(async () => void putDown.push(leader.leadership.role));
		void asker.leadership.takeOver();
		await browser.clock.advance(5000);
		expect(putDown).toEqual(['following']);
	});

	test('queues again, so that it leads when the thief is closed', async () => {
		const browser = new Browser();
		const leader = await browser.opened({ frozen: true });
		const asker = await browser.opened();
		void asker.leadership.takeOver();
		await browser.clock.advance(5000);
		asker.close();
		await nextTask();
		expect(leader.roles).toEqual(['leading', 'following', 'leading']);
	});

	test('does not compete again before its work is put down', async () => {
		const browser = new Browser();
		const leader = await browser.opened({ frozen: true });
		const asker = await browser.opened();
		const putDown = Promise.withResolvers<undefined>();
		leader.leadership.beforeRelease(() => putDown.promise);
		void asker.leadership.takeOver();
		await browser.clock.advance(5000);
		asker.close();
		await nextTask();
		expect(leader.leadership.role).toBe('following');
		putDown.resolve(undefined);
		await nextTask();
		expect(leader.leadership.role).toBe('leading');
	});

	test('a leader that is too slow and is done after the lock was taken does not end the next lead', async () => {
		const browser = new Browser();
		const leader = await browser.opened();
		const asker = await browser.opened();
		const putDown = Promise.withResolvers<undefined>();
		leader.leadership.beforeRelease(() => putDown.promise);
		void asker.leadership.takeOver();
		await browser.clock.advance(5000);
		expect([leader.leadership.role, asker.leadership.role]).toEqual(['following', 'leading']);
		putDown.resolve(undefined);
		await nextTask();
		asker.close();
		await nextTask();
		expect(leader.roles).toEqual(['leading', 'following', 'leading']);
	});

	test('a thief that is robbed in its turn queues as well', async () => {
		const browser = new Browser();
		const first = await browser.opened({ frozen: true });
		const second = await browser.opened({ frozen: true });
		const third = await browser.opened();
		void second.leadership.takeOver();
		await browser.clock.advance(5000);
		void third.leadership.takeOver();
		await browser.clock.advance(5000);
		expect(second.roles).toEqual(['following', 'leading', 'following']);
		third.close();
		first.close();
		await nextTask();
		expect(second.leadership.role).toBe('leading');
	});
});

test('two tabs that ask at the same time end with one leader', async () => {
	const browser = new Browser();
	const leader = await browser.opened();
	const one = await browser.opened();
	const two = await browser.opened();
	const both = [one.leadership.takeOver(), two.leadership.takeOver()];
	await browser.clock.advance(20_000);
	await Promise.all(both);
	const roles = [leader, one, two].map(({ leadership }) => leadership.role);
	expect(roles.filter((role) => role === 'leading')).toHaveLength(1);
	expect(leader.leadership.role).toBe('following');
});
