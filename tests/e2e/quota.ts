import type { Page } from '@playwright/test';
import type { Profile } from './profile.ts';

/** Makes the browser give SAM so many bytes in all, as long as the page lives; null for what it gives by itself. */
export async function setQuota(profile: Profile, page: Page, bytes: number | null): Promise<void> {
	const session = await (await profile.context()).newCDPSession(page);
	const origin = new URL(page.url()).origin;
	const quotaSize = bytes === null ? {} : { quotaSize: bytes };
	await session.send('Storage.overrideQuotaForOrigin', { origin, ...quotaSize });
}

/** Bytes that SAM has stored. */
export function usageOf(page: Page): Promise<number> {
	return page.evaluate(async () => (await navigator.storage.estimate()).usage ?? 0);
}
