/**
 * Whole seconds that the server asks to wait before the next request, or undefined where it does not say. Understands
 * `Retry-After` with seconds or a date, and the `t=` of a `RateLimit` header.
 */
export function retryAfter(headers: Headers, now: number): number | undefined {
	const asked = headers.get('retry-after');
	if (asked === null) return rateLimitReset(headers.get('ratelimit') ?? '');
	if (/^\s*\d+\s*$/.test(asked)) return Number(asked);
	const date = Date.parse(asked);
	return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - now) / 1000));
}

function rateLimitReset(limit: string): number | undefined {
	const match = /;\s*t=(\d+)/.exec(limit);
	return match ? Number(match[1]) : undefined;
}
