import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Connectivity } from '../../ports/connectivity.ts';
import { nextTask } from '../../core/next-task.ts';

export interface ConnectivityUnderTest {
	/** Online. */
	readonly connectivity: Connectivity;
	/** Resolves once the change has been noticed. */
	readonly setOnline: (online: boolean) => void | Promise<void>;
	readonly close?: () => void | Promise<void>;
}

/** The promises of `Connectivity`, checked on one implementation. */
export function describeConnectivity(name: string, make: () => ConnectivityUnderTest): void {
	describe(`${name} as Connectivity`, () => {
		let subject: ConnectivityUnderTest;
		let connectivity: Connectivity;
		const never = new AbortController().signal;

		beforeEach(() => {
			subject = make();
			connectivity = subject.connectivity;
		});
		afterEach(() => subject.close?.());

		/** Waits for the network and notes it. */
		function waiting(signal = never) {
			const state = { woken: false, wake: Promise.resolve() };
			state.wake = connectivity.whenOnline(signal).then(() => void (state.woken = true));
			return state;
		}

		test('does not wait while there is a network', async () => {
			expect(connectivity.online).toBe(true);
			await connectivity.whenOnline(never);
		});

		test('knows that the network is gone, and back', async () => {
			await subject.setOnline(false);
			expect(connectivity.online).toBe(false);
			await subject.setOnline(true);
			expect(connectivity.online).toBe(true);
		});

		test('tells those who listen of each change, until they stop', async () => {
			const heard: boolean[] = [];
			const stop = connectivity.onChange(() => heard.push(connectivity.online));
			await subject.setOnline(false);
			await subject.setOnline(true);
			stop();
			await subject.setOnline(false);
			expect(heard).toEqual([false, true]);
		});

		test('waits until the network is back, all who ask', async () => {
			await subject.setOnline(false);
			const first = waiting();
			const second = waiting();
			await nextTask();
			expect([first.woken, second.woken]).toEqual([false, false]);
			await subject.setOnline(true);
			await Promise.all([first.wake, second.wake]);
			expect([first.woken, second.woken]).toEqual([true, true]);
		});

		test('waits again the next time', async () => {
			await subject.setOnline(false);
			await subject.setOnline(true);
			await subject.setOnline(false);
			const again = waiting();
			await nextTask();
			expect(again.woken).toBe(false);
			await subject.setOnline(true);
			await again.wake;
		});

		test('stops waiting when the signal aborts, and lets the others wait', async () => {
			await subject.setOnline(false);
			const controller = new AbortController();
			const impatient = waiting(controller.signal);
			const patient = waiting();
			controller.abort();
			await expect(impatient.wake).rejects.toMatchObject({ code: 'cancelled' });
			await subject.setOnline(true);
			await patient.wake;
		});

		test('does not wait for a signal that aborted before', async () => {
			await subject.setOnline(false);
			const waited = connectivity.whenOnline(AbortSignal.abort());
			await expect(waited).rejects.toMatchObject({ code: 'cancelled' });
		});
	});
}
