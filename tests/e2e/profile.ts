import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, test as base, type BrowserContext, type Page } from '@playwright/test';
import { chromiumFlags } from '../../scripts/chromium-flags.mjs';
import { findBrowser } from '../../scripts/find-browser.mjs';

/** A browser profile on disk: what a test stored is there after a kill and a restart. */
export class Profile {
	readonly #folder = mkdtempSync(join(tmpdir(), 'sam-profile-'));
	#context: BrowserContext | null = null;
	/** Everything that a clean run must not have: console errors, policy reports, requests to foreign hosts. */
	readonly complaints: string[] = [];
	readonly #baseURL: string;

	constructor(baseURL: string) {
		this.#baseURL = baseURL;
	}

	/** Starts the browser on this profile, or returns the one that runs. */
	async context(): Promise<BrowserContext> {
		if (this.#context) return this.#context;
		const executablePath = findBrowser();
		const context = await chromium.launchPersistentContext(this.#folder, {
			args: chromiumFlags,
			baseURL: this.#baseURL,
			viewport: { width: 1280, height: 800 },
			...(executablePath ? { executablePath } : {})
		});
		context.on('page', (page) => this.#watch(page));
		for (const page of context.pages()) this.#watch(page);
		this.#context = context;
		return context;
	}

	/** A page of the app at that path, ready to use. */
	async open(path = '/'): Promise<Page> {
		const context = await this.context();
		const page = await context.newPage();
		await page.goto(path);
		return page;
	}

	/** Ends the browser at once, as a crash would: nothing in it gets a chance to clean up. */
	async kill(): Promise<void> {
		const context = this.#context;
		this.#context = null;
		if (!context) return;
		const pages = context.pages();
		const client = pages[0] ? await context.newCDPSession(pages[0]) : null;
		// The browser dies before it can answer.
		await Promise.race([
			client?.send('Browser.crash' as never).catch(() => undefined),
			new Promise((resolve) => context.once('close', resolve))
		]);
		await context.close().catch(() => undefined);
	}

	async close(): Promise<void> {
		await this.#context?.close();
		this.#context = null;
	}

	async delete(): Promise<void> {
		await this.close();
		rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5 });
	}

	#watch(page: Page): void {
		page.on('console', (message) => {
			if (message.type() === 'error' || message.type() === 'warning') {
				this.complaints.push(`${message.type()}: ${message.text()} (${message.location().url})`);
			}
		});
		page.on('pageerror', (error) => this.complaints.push(`page error: ${error.message}`));
		page.on('request', (request) => {
			const url = new URL(request.url());
			const own = url.origin === new URL(this.#baseURL).origin;
			if (!own && url.protocol !== 'blob:' && url.protocol !== 'data:') {
				this.complaints.push(`request to ${url.href}`);
			}
		});
	}
}

interface Fixtures {
	readonly profile: Profile;
}

/** Playwright's test with a fresh profile; the test fails when the console was not clean. */
export const test = base.extend<Fixtures>({
	profile: async ({ baseURL }, use) => {
		const profile = new Profile(baseURL ?? 'http://localhost:4179');
		await use(profile);
		await profile.delete();
		base.expect(profile.complaints).toEqual([]);
	}
});
export { expect } from '@playwright/test';
