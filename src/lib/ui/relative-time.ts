const units: readonly { readonly unit: Intl.RelativeTimeFormatUnit; readonly ms: number }[] = [
	{ unit: 'year', ms: 31_557_600_000 },
	{ unit: 'month', ms: 2_629_800_000 },
	{ unit: 'week', ms: 604_800_000 },
	{ unit: 'day', ms: 86_400_000 },
	{ unit: 'hour', ms: 3_600_000 },
	{ unit: 'minute', ms: 60_000 }
];

/** `at` as seen from `now`, both epoch milliseconds: `3 hours ago`, `in 6 days`; within a minute `just now`. */
export function relativeTime(at: number, now: number, locale = 'en'): string {
	const distance = at - now;
	const fit = units.find(({ ms }) => Math.abs(distance) >= ms);
	if (!fit) return 'just now';
	const format = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
	return format.format(Math.trunc(distance / fit.ms), fit.unit);
}
