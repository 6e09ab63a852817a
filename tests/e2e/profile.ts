import { spawn, type ChildProcess } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
	chromium,
	expect,
	test as base,
	type Browser,
	type BrowserContext,
	type Page
} from '@playwright/test';
import { chromiumFlags } from '../../scripts/chromium-flags.mjs';
import { findBrowser } from '../../scripts/find-browser.mjs';
import { startOutboundProxy, type OutboundProxy } from './outbound-proxy.ts';
import { startTestHub, type TestHub } from './test-hub.ts';

/**
 * Of the browser's own window, which nobody sees: pages that it prepares for its address bar take more of the
 * processor at each start than all else.
 */
const unseen = ['WebUIOmniboxPopup', 'WebUIOmniboxAimPopup', 'WebUIOmniboxFullPopup', 'AimEnabled'];

/** A process of the browser's may write for a moment after the browser has ended. */
const deletion = { recursive: true, force: true, maxRetries: 10, retryDelay: 200 };

/**
 * A browser profile on disk, with a browser of our own on it: what a test stored is there after the process was
 * killed and started again, as it is for a person.
 */
export class Profile {
	readonly #folder = mkdtempSync(join(tmpdir(), 'sam-profile-'));
	readonly #baseURL: string;
	#process: ChildProcess | null = null;
	#browser: Browser | null = null;
	readonly #proxy: OutboundProxy;
	/** Everything that a clean run must not have: console errors, policy reports, requests to foreign hosts. */
	readonly complaints: string[] = [];
	/** Addresses that the test has told the app about. */
	readonly #known: string[];

	private constructor(baseURL: string, proxy: OutboundProxy) {
		this.#baseURL = baseURL;
		this.#proxy = proxy;
		this.#known = [new URL(baseURL).origin];
	}

	/** With `like`, a copy of what that one has on disk; it must be closed. */
	static async create(baseURL: string, like: Profile | null = null): Promise<Profile> {
		const profile = new Profile(baseURL, await startOutboundProxy());
		if (like) await profile.#copy(like.#folder);
		return profile;
	}

	/** A profile in which the app is installed, as it is after a first visit, and has stored nothing. Closed. */
	static async installed(baseURL: string): Promise<Profile> {
		const profile = await Profile.create(baseURL);
		const page = await profile.open('/');
		await expect(page.getByRole('status', { name: 'Engine' })).toContainText('ready');
		await expect
			.poll(() => page.evaluate(() => navigator.serviceWorker.controller !== null))
			.toBe(true);
		await profile.close();
		expect(profile.complaints).toEqual([]);
		// Besides data: what belongs to the process, and copies of what the service worker keeps.
		const others = ['SingletonLock', 'SingletonSocket', 'SingletonCookie', 'Default/Cache'];
		for (const name of ['Default/IndexedDB', 'Default/Local Storage', ...others])
			rmSync(join(profile.#folder, name), deletion);
		return profile;
	}

	/** From now on the app may talk to that origin. */
	allow(origin: string): void {
		this.#known.push(new URL(origin).origin);
	}

	/** The browser's one context; starts the browser if none runs. */
	async context(): Promise<BrowserContext> {
		this.#browser ??= await this.#start();
		const [context] = this.#browser.contexts();
		if (!context) throw new Error('The browser has no context.');
		return context;
	}

	/** A new page of the app at that path. */
	async open(path = '/'): Promise<Page> {
		const context = await this.context();
		const page = await context.newPage();
		this.#watch(page);
		page.setDefaultTimeout(20_000);
		await page.setViewportSize({ width: 1280, height: 800 });
		await page.goto(new URL(path, this.#baseURL).href);
		return page;
	}

	/**
	 * A file of the app's origin in which no script runs, to look at what is stored while nothing changes it. What its
	 * console says does not count.
	 */
	async openQuiet(): Promise<Page> {
		const page = await (await this.context()).newPage();
		await page.goto(new URL('icons/icon.svg', this.#baseURL).href);
		return page;
	}

	/** Ends the process of that page, with its workers, and closes it; the browser stays. */
	async crash(page: Page): Promise<void> {
		const crashed = page.waitForEvent('crash');
		const session = await page.context().newCDPSession(page);
		// It does not live to answer.
		session.send('Page.crash').catch(() => undefined);
		await crashed;
		await page.close();
	}

	/** Ends the processes of all pages and of the service worker, as the system does when memory runs short. */
	async killRenderers(page: Page): Promise<void> {
		const crashed = page.waitForEvent('crash');
		const session = await this.#browser?.newBrowserCDPSession();
		const { processInfo } = (await session?.send('SystemInfo.getProcessInfo')) ?? {};
		for (const { type, id } of processInfo ?? []) {
			if (type === 'renderer') process.kill(id, 'SIGKILL');
		}
		await crashed;
		await session?.detach();
		await page.close();
	}

	/** Ends the browser's process at once: nothing in it gets a chance to clean up. */
	async kill(): Promise<void> {
		await this.#end('SIGKILL');
	}

	async close(): Promise<void> {
		await this.#browser?.close();
		await this.#end('SIGTERM');
	}

	async delete(): Promise<void> {
		await this.close();
		await this.#proxy.close();
		// Pages, workers and service workers alike: what none of them may do, the network sees.
		this.complaints.push(...this.#proxy.hosts.map((host) => `request to ${host}`));
		rmSync(this.#folder, deletion);
	}

	/** Helpers of a browser that has been closed may still take files away for a moment: then it is copied anew. */
	async #copy(from: string): Promise<void> {
		for (let patience = 20; ; patience--) {
			try {
				cpSync(from, this.#folder, { recursive: true });
				return;
			} catch (error) {
				if (patience === 0 || !String(error).includes('ENOENT')) throw error;
				rmSync(this.#folder, deletion);
				await delay(100);
			}
		}
	}

	async #start(): Promise<Browser> {
		const executable = findBrowser();
		if (!executable) throw new Error('No browser found: run npm test once.');
		const portFile = join(this.#folder, 'DevToolsActivePort');
		rmSync(portFile, { force: true });
		this.#process = spawn(
			executable,
			[
				...chromiumFlags,
				'--headless=new',
				`--disable-features=${unseen.join(',')}`,
				'--remote-debugging-port=0',
				`--user-data-dir=${this.#folder}`,
				`--proxy-server=${this.#proxy.url}`,
				'--no-default-browser-check',
				'--hide-crash-restore-bubble',
				'about:blank'
			],
			{ stdio: 'ignore' }
		);
		const port = await this.#readPort(portFile);
		return chromium.connectOverCDP(`http://127.0.0.1:${port}`);
	}

	async #readPort(file: string): Promise<string> {
		let port = '';
		await expect
			.poll(
				() => {
					try {
						// The second line follows the first: with it, the first is whole.
						const [first = '', second = ''] = readFileSync(file, 'utf8').split('\n');
						port = second && first;
					} catch {
						port = '';
					}
					return port;
				},
				{ timeout: 30_000 }
			)
			.not.toBe('');
		return port;
	}

	async #end(signal: NodeJS.Signals): Promise<void> {
		const child = this.#process;
		this.#process = null;
		this.#browser = null;
		if (child?.exitCode !== null || child.signalCode !== null) return;
		const gone = new Promise((resolve) => child.once('exit', resolve));
		child.kill(signal);
		await gone;
	}

	#watch(page: Page): void {
		page.on('console', (message) => {
			if (message.type() === 'error' || message.type() === 'warning') {
				this.complaints.push(`${message.type()}: ${message.text()} (${message.location().url})`);
			}
		});
		page.on('pageerror', (error) =>
			this.complaints.push(`page error: ${error.stack ?? error.message}`)
		);
		page.on('request', (request) => {
			const url = new URL(request.url());
			if (
				!this.#known.includes(url.origin) &&
				url.protocol !== 'blob:' &&
				url.protocol !== 'data:'
			) {
				this.complaints.push(`request to ${url.href}`);
			}
		});
	}
}

interface Fixtures {
	readonly profile: Profile;
	/** Starts when a test asks for it. */
	readonly hub: TestHub;
	/** The browser has never been here. Most tests begin after that: the first visit takes seconds, to install the app. */
	readonly firstVisit: boolean;
}

interface Shared {
	readonly installed: Profile;
}

/** Playwright's test with a fresh profile; the test fails when the console was not clean. */
export const test = base.extend<Fixtures, Shared>({
	firstVisit: [false, { option: true }],
	installed: [
		// The first parameter says what a fixture needs; this one needs nothing.
		// eslint-disable-next-line no-empty-pattern
		async ({}, use, { project }) => {
			const installed = await Profile.installed(project.use.baseURL ?? '');
			await use(installed);
			await installed.delete();
		},
		{ scope: 'worker' }
	],
	profile: async ({ baseURL, firstVisit, installed }, use) => {
		const profile = await Profile.create(baseURL ?? '', firstVisit ? null : installed);
		await use(profile);
		await profile.delete();
		expect(profile.complaints).toEqual([]);
	},
	hub: async ({ profile }, use) => {
		const hub = await startTestHub();
		profile.allow(hub.url);
		await use(hub);
		await profile.close();
		await hub.close();
	}
});
export { expect };
