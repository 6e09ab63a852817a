import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { TabChannel } from '../../ports/tab-channel.ts';

export interface Hint {
	readonly type: 'changed' | 'last';
	readonly ids?: readonly number[];
}

/** The promises of `TabChannel`, checked on one implementation. `connect` makes channels that hear one another. */
export function describeTabChannel(
	name: string,
	connect: (count: number) => readonly TabChannel<Hint>[]
): void {
	describe(`${name} as a TabChannel`, () => {
		let tabs: readonly TabChannel<Hint>[];
		const tab = (i: number): TabChannel<Hint> => tabs[i]!;

		beforeEach(() => {
			tabs = connect(3);
		});
		afterEach(() => tabs.forEach((each) => each.close()));

		/** All that a tab hears until the message `last`. */
		const heard = (i: number): Promise<Hint[]> =>
			new Promise((resolve) => {
				const messages: Hint[] = [];
				tab(i).listen((message) => {
					if (message.type === 'last') resolve(messages);
					else messages.push(message);
				});
			});

		test('reaches every other tab, in order', async () => {
			const all = Promise.all([heard(1), heard(2)]);
			tab(0).post({ type: 'changed', ids: [1] });
			tab(0).post({ type: 'changed', ids: [2] });
			tab(0).post({ type: 'last' });
			const messages = [
				{ type: 'changed', ids: [1] },
				{ type: 'changed', ids: [2] }
			];
			expect(await all).toEqual([messages, messages]);
		});

		test('never reaches the sender', async () => {
			const own = heard(0);
			tab(0).post({ type: 'changed' });
			const replied = new Promise<void>((resolve) => {
				tab(1).listen((message) => {
					if (message.type === 'changed') tab(1).post({ type: 'last' });
					resolve();
				});
			});
			tab(0).post({ type: 'changed' });
			await replied;
			expect(await own).toEqual([]);
		});

		test('hands out copies, and later', async () => {
			const ids = [1];
			const other = heard(1);
			tab(0).post({ type: 'changed', ids });
			ids.push(2);
			tab(0).post({ type: 'last' });
			expect(await other).toEqual([{ type: 'changed', ids: [1] }]);
		});

		test('stops calling a listener that has left', async () => {
			const gone: Hint[] = [];
			tab(1).listen((message) => gone.push(message))();
			const other = heard(1);
			tab(0).post({ type: 'last' });
			await other;
			expect(gone).toEqual([]);
		});

		test('neither sends nor hears once it is closed', async () => {
			const closed: Hint[] = [];
			tab(1).listen((message) => closed.push(message));
			tab(1).close();
			tab(1).close();
			const other = heard(2);
			tab(1).post({ type: 'changed' });
			tab(0).post({ type: 'last' });
			expect(await other).toEqual([]);
			expect(closed).toEqual([]);
		});
	});
}
