import { expect, test } from 'vitest';
import { Breather } from './breather.ts';

/** A breather on a clock that is set by hand, and how often it has paused. */
function worker({ everyMs = 50, pauseMs = 0 } = {}) {
	const clock = { now: 1000, pauses: 0 };
	const breather = new Breather({
		everyMs,
		now: () => clock.now,
		pause: () => {
			clock.pauses++;
			clock.now += pauseMs;
			return Promise.resolve();
		}
	});
	return { breather, clock };
}

test('it pauses before the first step', async () => {
	const { breather, clock } = worker();
	await breather.breathe();
	expect(clock.pauses).toBe(1);
});

test('short steps follow one another without a pause', async () => {
	const { breather, clock } = worker();
	for (let step = 0; step < 49; step++) {
		await breather.breathe();
		clock.now += 1;
	}
	expect(clock.pauses).toBe(1);
});

test('it pauses again when the last pause is long enough ago', async () => {
	const { breather, clock } = worker();
	for (let step = 0; step < 101; step++) {
		await breather.breathe();
		clock.now += 1;
	}
	expect(clock.pauses).toBe(3);
});

test('it pauses between steps that are long', async () => {
	const { breather, clock } = worker();
	for (let step = 0; step < 4; step++) {
		await breather.breathe();
		clock.now += 400;
	}
	expect(clock.pauses).toBe(4);
});

test('time counts from the end of a pause, which may be long where others had much to do', async () => {
	const { breather, clock } = worker({ pauseMs: 200 });
	await breather.breathe();
	await breather.breathe();
	expect(clock.pauses).toBe(1);
});

test('a message that came during a step is heard at the next pause', async () => {
	const breather = new Breather({ everyMs: 0 });
	const { port1, port2 } = new MessageChannel();
	const heard: string[] = [];
	port1.onmessage = ({ data }: MessageEvent<string>) => heard.push(data);
	port2.postMessage('stop');
	for (let step = 0; step < 100 && heard.length === 0; step++) await breather.breathe();
	port1.close();
	expect(heard).toEqual(['stop']);
});
