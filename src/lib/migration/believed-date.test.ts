import { describe, expect, test } from 'vitest';
import { believedDate, type ClockSighting } from './believed-date.ts';
import { days } from './days.ts';

const monday = Date.UTC(2026, 5, 1);

/** The dates that are believed at starts on those days, counted from Monday. */
function starts(...dates: readonly number[]): number[] {
	let sighting: ClockSighting | null = null;
	return dates.map((date) => {
		const believed = believedDate(sighting, monday + days(date));
		({ sighting } = believed);
		return (believed.date - monday) / days(1);
	});
}

describe('a clock that runs as clocks do', () => {
	test('is believed at the first start', () => {
		expect(starts(0)).toEqual([0]);
	});

	test('is believed day by day, and after weeks without a start', () => {
		expect(starts(0, 1, 2, 30, 89)).toEqual([0, 1, 2, 30, 89]);
	});
});

describe('a clock that leaps years ahead', () => {
	test('is not believed on that day, however often the app is started', () => {
		expect(starts(0, 3650, 3650.2, 3650.9)).toEqual([0, 0, 0, 0]);
	});

	test('is believed from the next day on', () => {
		expect(starts(0, 3650, 3651, 3652)).toEqual([0, 0, 3651, 3652]);
	});

	test('and is set right again has done no harm, and is believed', () => {
		expect(starts(0, 3650, 1, 2)).toEqual([0, 0, 1, 2]);
	});

	test('twice, to different dates, is doubted twice', () => {
		expect(starts(0, 3650, 1800, 1800.5, 3650)).toEqual([0, 0, 0, 0, 3650]);
	});

	test('is as good as new after it has been set right: the next leap is doubted again', () => {
		expect(starts(0, 3650, 1, 3651.5)).toEqual([0, 0, 1, 1]);
	});
});

describe('a clock that was set back', () => {
	test('is believed: nothing is over that was not', () => {
		expect(starts(0, -3650, -3649)).toEqual([0, -3650, -3649]);
	});

	test('and is set right later is doubted for a day', () => {
		expect(starts(0, -3650, 1, 2)).toEqual([0, -3650, -3650, 2]);
	});
});

test('somebody who comes back after a year waits one day for what is over', () => {
	expect(starts(0, 365, 366)).toEqual([0, 0, 366]);
});
