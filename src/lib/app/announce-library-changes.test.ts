import { beforeEach, expect, test } from 'vitest';
import { ManualClock } from '../testing/manual-clock.ts';
import { announceLibraryChanges } from './announce-library-changes.ts';

let clock: ManualClock;
let announced: string[];
let change: () => void;

beforeEach(() => {
	clock = new ManualClock();
	announced = [];
	const listeners: (() => void)[] = [];
	change = () => listeners.forEach((listener) => listener());
	const library = {
		onChange: (listener: () => void) => {
			listeners.push(listener);
			return () => undefined;
		}
	};
	announceLibraryChanges(library as never, { announce: (what) => announced.push(what) }, clock);
});

test('many changes in a row are one announcement', async () => {
	for (let i = 0; i < 5; i += 1) change();
	await clock.advance(500);
	expect(announced).toEqual(['library']);
});

test('the last change is announced too, and nothing after it', async () => {
	change();
	await clock.advance(500);
	change();
	await clock.advance(500);
	await clock.advance(5000);
	expect(announced).toEqual(['library', 'library']);
});
