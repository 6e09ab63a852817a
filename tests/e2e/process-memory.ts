import { readFileSync } from 'node:fs';
import type { Browser } from '@playwright/test';

const megabyte = 2 ** 20;
const pageBytes = 4096;

/** Memory that the pages and the graphics of that browser hold now, in MiB. On Linux alone: it reads `/proc`. */
export async function processMemory(browser: Browser): Promise<number> {
	const session = await browser.newBrowserCDPSession();
	const { processInfo } = await session.send('SystemInfo.getProcessInfo');
	await session.detach();
	const wanted = processInfo.filter(({ type }) => type === 'renderer' || type === 'GPU');
	return wanted.reduce((sum, { id }) => sum + residentBytes(id), 0) / megabyte;
}

/** 0 for a process that has ended in the meantime. */
function residentBytes(pid: number): number {
	try {
		const [, resident] = readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ');
		return Number(resident) * pageBytes;
	} catch {
		return 0;
	}
}
