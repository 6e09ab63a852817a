import { expect, test } from 'vitest';
import { nextTask } from '../core/next-task.ts';
import { TurnGate } from './turn-gate.ts';

const never = new AbortController().signal;

/** A turn that runs until it is ended. */
function turnIn(gate: TurnGate) {
	const { promise, resolve, reject } = Promise.withResolvers<string>();
	return { turn: gate.during(() => promise), end: resolve, fail: reject };
}

/** What has happened by the next task: the wait is over, or not. */
async function isOver(wait: Promise<void>): Promise<boolean> {
	return Promise.race([wait.then(() => true), nextTask().then(() => false)]);
}

test('nobody waits while nobody is being answered', async () => {
	await expect(new TurnGate().whenIdle(never)).resolves.toBeUndefined();
});

test('a turn gives what it gives, and background work waits for its end', async () => {
	const gate = new TurnGate();
	const { turn, end } = turnIn(gate);
	const wait = gate.whenIdle(never);
	expect([await isOver(wait), gate.busy]).toEqual([false, true]);
	end('the answer');
	expect(await turn).toBe('the answer');
	expect([await isOver(wait), gate.busy]).toEqual([true, false]);
});

test('of several turns the last one counts', async () => {
	const gate = new TurnGate();
	const first = turnIn(gate);
	const second = turnIn(gate);
	const wait = gate.whenIdle(never);
	first.end('');
	expect(await isOver(wait)).toBe(false);
	second.end('');
	expect(await isOver(wait)).toBe(true);
});

test('a turn that fails lets go as well', async () => {
	const gate = new TurnGate();
	const { turn, fail } = turnIn(gate);
	const waits = [gate.whenIdle(never), gate.whenIdle(never)];
	fail(new Error('no engine'));
	await expect(turn).rejects.toThrow('no engine');
	expect(await Promise.all(waits.map(isOver))).toEqual([true, true]);
});

test('waiting ends with its signal, before or during', async () => {
	const gate = new TurnGate();
	const control = new AbortController();
	const { turn, end } = turnIn(gate);
	const wait = gate.whenIdle(control.signal);
	control.abort();
	await expect(wait).rejects.toMatchObject({ code: 'cancelled' });
	await expect(gate.whenIdle(control.signal)).rejects.toMatchObject({ code: 'cancelled' });
	end('');
	await turn;
});
