import { days } from './days.ts';

/** What earlier starts have seen of the device's clock. All in epoch milliseconds. */
export interface ClockSighting {
	/** The last date that was believed. */
	readonly latest: number;
	/** When the clock was first seen so far ahead of that; null when it is not. */
	readonly leapAt: number | null;
}

export interface BelievedDate {
	/** What may be deleted because its time is over is judged by this. */
	readonly date: number;
	/** To be kept for the next start. */
	readonly sighting: ClockSighting;
}

/** A clock that is further ahead than this since the last start may be wrong. */
const leap = days(60);
/** It is believed once it still says so in a start that much later. */
const doubt = days(1);

/**
 * Which date to go by, at a start of the app, where something would be deleted for good. A clock that has leapt ahead,
 * as after a flat battery or a slip in the system's settings, is not believed before the next day; until then the date
 * of the last start holds. One that was set back is believed at once: it deletes nothing.
 */
export function believedDate(before: ClockSighting | null, now: number): BelievedDate {
	if (!before || now - before.latest <= leap) return believed(now);
	const { latest, leapAt } = before;
	// Further back than it was first seen: that was yet another time.
	if (leapAt === null || now < leapAt) return { date: latest, sighting: { latest, leapAt: now } };
	return now - leapAt >= doubt ? believed(now) : { date: latest, sighting: before };
}

function believed(now: number): BelievedDate {
	return { date: now, sighting: { latest: now, leapAt: null } };
}
