import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext, type Page } from 'playwright';
import { chromiumFlags } from '../../scripts/chromium-flags.mjs';
import { findBrowser } from '../../scripts/find-browser.mjs';

type ProcessKind = 'renderer' | 'browser';

/** A browser of our own on a profile on disk: what is kept in memory by a private window is written here. */
export class BenchBrowser {
	readonly #folder: string;
	readonly #context: BrowserContext;

	private constructor(folder: string, context: BrowserContext) {
		this.#folder = folder;
		this.#context = context;
	}

	static async start(): Promise<BenchBrowser> {
		const executablePath = findBrowser();
		if (executablePath === null) throw new Error('No browser found: run npm test once.');
		const folder = mkdtempSync(join(tmpdir(), 'sam-bench-'));
		const context = await chromium.launchPersistentContext(folder, {
			executablePath,
			args: chromiumFlags,
			acceptDownloads: false
		});
		return new BenchBrowser(folder, context);
	}

	get version(): string {
		return this.#context.browser()?.version() ?? 'unknown';
	}

	/** A new page at that address, once its script has run. */
	async open(url: string): Promise<Page> {
		const page = await this.#context.newPage();
		page.on('pageerror', (error) => console.error(error));
		page.on('console', (message) => {
			if (message.type() === 'error') console.error(message.text());
		});
		await page.goto(url);
		await page.waitForFunction(() => 'bench' in window);
		return page;
	}

	/**
	 * Memory in bytes of the largest process of a kind: what it has now, and the most that it ever had.
	 * Null where the system does not tell: only Linux does.
	 */
	async memory(type: ProcessKind): Promise<{ readonly now: number; readonly peak: number } | null> {
		const statuses = (await this.#processes(type)).map((id) =>
			readFileSync(`/proc/${id}/status`, 'utf8')
		);
		if (statuses.length === 0) return null;
		const most = (field: string): number =>
			Math.max(...statuses.map((status) => readKilobytes(status, field) * 1024));
		return { now: most('VmRSS'), peak: most('VmHWM') };
	}

	/**
	 * Milliseconds of processor time that the pages and their workers have taken so far. What other programs do on the
	 * machine hardly changes it. Null where the system does not tell: only Linux does.
	 */
	async processorTime(): Promise<number | null> {
		const ids = await this.#processes('renderer');
		if (ids.length === 0) return null;
		const threads = ids.flatMap((id) =>
			readdirSync(`/proc/${id}/task`).map((thread) => `/proc/${id}/task/${thread}/schedstat`)
		);
		const nanoseconds = threads.map((file) => Number(readFileSync(file, 'utf8').split(' ')[0]));
		return nanoseconds.reduce((sum, time) => sum + time, 0) / 1e6;
	}

	/** The same with what threads took that have ended since, in steps of 10 ms. */
	async processorTimeOfAll(): Promise<number | null> {
		const ids = await this.#processes('renderer');
		if (ids.length === 0) return null;
		// The name, in brackets, may have spaces in it; user and system time are the 12th and 13th after it.
		const fields = ids.map((id) => readFileSync(`/proc/${id}/stat`, 'utf8').split(') ')[1] ?? '');
		const ticks = fields.flatMap((text) => text.split(' ').slice(11, 13));
		return ticks.reduce((sum, each) => sum + Number(each) * 10, 0);
	}

	/** Lets the peak of the renderers count from now on. Returns the bytes that the largest one has. */
	async resetPeak(): Promise<number> {
		for (const id of await this.#processes('renderer'))
			writeFileSync(`/proc/${id}/clear_refs`, '5');
		return (await this.memory('renderer'))?.now ?? 0;
	}

	/** Ends the browser and deletes its profile. */
	async close(): Promise<void> {
		await this.#context.close();
		rmSync(this.#folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
	}

	async #processes(type: ProcessKind): Promise<number[]> {
		const session = await this.#context.browser()?.newBrowserCDPSession();
		if (process.platform !== 'linux' || !session) return [];
		const { processInfo } = await session.send('SystemInfo.getProcessInfo');
		await session.detach();
		return processInfo.filter((each) => each.type === type).map(({ id }) => id);
	}
}

function readKilobytes(status: string, field: string): number {
	return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0);
}
