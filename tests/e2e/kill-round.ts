import { expect, type Locator, type Page } from '@playwright/test';
import type { KillLog, KillMethod } from './kill-log.ts';
import type { Profile } from './profile.ts';
import { planUpgrade, search } from './steps.ts';
import {
	endOf,
	expectTidy,
	expectWhole,
	phaseOf,
	readJournals,
	readStoredData,
	unfinished,
	type StoredData
} from './stored-data.ts';
import type { TestHub } from './test-hub.ts';

/** A world to be killed in: two documents, a chat, and how all of it lay on the disk. */
export interface KillWorld {
	readonly profile: Profile;
	readonly hub: TestHub;
	readonly log: KillLog;
	readonly before: StoredData;
	/** Of the seed of this test: 0…1. */
	readonly random: () => number;
	/** A search that finds `document`. */
	readonly search: { readonly text: string; readonly document: string };
	/** A part of the answer in the one chat there is. */
	readonly answer: string;
}

export interface KillRound {
	readonly chat: string | undefined;
	readonly embedding: string | undefined;
	readonly end: 'Keep' | 'Undo';
	/** Kills to aim at each phase, in this order. Those that come too late hit a later one. */
	readonly aims: readonly Aim[];
	readonly methods: readonly KillMethod[];
}

export interface Aim {
	readonly phase: string;
	/** At most so long after the phase has begun, or after this start has found it begun, milliseconds. */
	readonly within: number;
}

const patience = { timeout: 90_000 };
/** A step that dies so often without getting further ends its upgrade: a person's third try is not what is tested here. */
const killsOfOneStep = 2;
const order = [
	...['preflight', 'snapshot', 'download', 'canary', 'compare-answers', 'build-index', 'compare'],
	...['switch', 'trial']
];

const engineOf = (page: Page): Locator => page.getByRole('status', { name: 'Engine' });

/** One upgrade from its start to Keep or Undo, killed again and again. Returns the page, with the upgrade ended. */
export async function surviveRound(world: KillWorld, round: KillRound, page: Page): Promise<Page> {
	return new Round(world, round, page).run();
}

class Round {
	readonly #world: KillWorld;
	readonly #round: KillRound;
	#page: Page;
	#kills = 0;
	/** Of this upgrade, by the phase that they hit. */
	readonly #hits = new Map<string, number>();

	constructor(world: KillWorld, round: KillRound, page: Page) {
		this.#world = world;
		this.#round = round;
		this.#page = page;
	}

	async run(): Promise<Page> {
		const { before, log } = this.#world;
		const { chat, embedding, aims, end } = this.#round;
		const ended = await this.#upgradesEnded();
		await planUpgrade(this.#page, { chat, embedding, askFirst: true });
		await this.#page.getByRole('button', { name: 'Start upgrade' }).click();
		for (const aim of aims) {
			if (aim.phase === 'switch') await this.#approveSwitch();
			await this.#aim(aim);
			// Killed before its first entry, there is no upgrade.
			if ((await this.#upgrades()) === ended) {
				log.note('Killed before the upgrade was on the disk; it was started again.');
				await planUpgrade(this.#page, { chat, embedding, askFirst: true });
				await this.#page.getByRole('button', { name: 'Start upgrade' }).click();
			}
		}
		await this.#approveSwitch();
		await this.#end();
		const after = await readStoredData(this.#page);
		expectWhole(after, before);
		expectTidy(after);
		expect(endOf(after.journals.at(-1) ?? [])).toBe(end === 'Keep' ? 'committed' : 'rolled-back');
		expect(after.journals).toHaveLength(ended + 1);
		return this.#page;
	}

	async #upgrades(): Promise<number> {
		return (await readJournals(this.#page)).journals.length;
	}

	async #upgradesEnded(): Promise<number> {
		const { journals } = await readJournals(this.#page);
		expect(unfinished({ journals })).toBeNull();
		return journals.length;
	}

	/** Waits for that phase, a while longer, and kills. Where the upgrade is further already, at once. */
	async #aim({ phase, within }: Aim): Promise<void> {
		const { hub, random } = this.#world;
		hub.bytesPerSecond = phase === 'download' ? 6e6 : 0;
		const wanted = order.indexOf(phase);
		await this.#reach((now) => order.indexOf(now) >= wanted);
		// A step that has died twice is let pass.
		const spent = order.filter((kind) => this.#spent(kind));
		await this.#reach((now) => !spent.includes(now));
		await this.#page.waitForTimeout(random() * within);
		await this.#kill();
	}

	#spent(kind: string): boolean {
		const goesOn = ['download', 'build-index', 'trial'].includes(kind);
		return !goesOn && (this.#hits.get(kind) ?? 0) >= killsOfOneStep;
	}

	/** The switch waits for a person: nothing else does. */
	async #reach(isThere: (phase: string) => boolean): Promise<void> {
		await expect
			.poll(
				async () => {
					const phase = phaseOf(await readJournals(this.#page));
					return phase === 'switch' || isThere(phase) ? 'there' : phase;
				},
				{ intervals: [10], timeout: 90_000 }
			)
			.toBe('there');
	}

	/** What the upgrade asks a person before the switch, answered with yes. */
	async #approveSwitch(): Promise<void> {
		await this.#reach((phase) => phase === 'trial');
		if (phaseOf(await readJournals(this.#page)) !== 'switch') return;
		await this.#page.goto(new URL('/upgrade', this.#page.url()).href);
		const onTrial = engineOf(this.#page).getByText('trial');
		const switchNow = this.#page.getByRole('button', { name: 'Switch now' });
		const inSpite = this.#page.getByRole('button', { name: 'Switch in spite of it' });
		// It may have been approved before the last kill.
		await expect(switchNow.or(inSpite).or(onTrial).first()).toBeVisible(patience);
		if (await inSpite.isVisible()) {
			this.#world.log.note('A comparison found less; the switch was made in spite of it.');
			await this.#page.getByRole('textbox', { name: 'Reason' }).fill('It is only a test.');
			await inSpite.click();
			await expect(switchNow.or(onTrial).first()).toBeVisible(patience);
		}
		if (await switchNow.isVisible()) await switchNow.click();
	}

	/** Keep or Undo, killed while it is being done; once it is on the disk, it is done without another word. */
	async #end(): Promise<void> {
		const { random } = this.#world;
		const { end } = this.#round;
		for (const within of [20, 120, null]) {
			await expect(engineOf(this.#page)).toContainText(/trial|ready/, patience);
			if (phaseOf(await readJournals(this.#page)) === 'no upgrade') break;
			await engineOf(this.#page).getByRole('button', { name: end }).click();
			if (within === null) break;
			await this.#page.waitForTimeout(random() * within);
			await this.#kill();
			await expect.poll(() => this.#isSettled(), patience).toBe(true);
		}
		await expect
			.poll(async () => phaseOf(await readJournals(this.#page)), patience)
			.toBe('no upgrade');
		await expect(engineOf(this.#page)).toContainText('ready', patience);
	}

	async #isSettled(): Promise<boolean> {
		return ['trial', 'no upgrade'].includes(phaseOf(await readJournals(this.#page)));
	}

	/** Kills, looks at what is left on the disk, starts the app again and uses it. */
	async #kill(): Promise<void> {
		const { profile, log, before } = this.#world;
		const { methods } = this.#round;
		const method = methods[this.#kills % methods.length] ?? 'page';
		this.#kills += 1;
		if (method === 'page') await profile.crash(this.#page);
		else if (method === 'pages') await profile.killRenderers(this.#page);
		else await profile.kill();

		const quiet = await profile.openQuiet();
		const left = await readStoredData(quiet);
		await quiet.close();
		const phase = phaseOf(left);
		log.add(phase, method);
		this.#hits.set(phase, (this.#hits.get(phase) ?? 0) + 1);
		expectWhole(left, before);

		this.#page = await profile.open('/memory/knowledge');
		await this.#use();
	}

	/** What a person would look at first: the engine, the documents, a search, the chat. */
	async #use(): Promise<void> {
		const page = this.#page;
		const { before, answer } = this.#world;
		await expect(engineOf(page)).toContainText(/upgrading|trial|ready|degraded/, patience);
		await this.#tryAgain();
		const rows = page.getByRole('table', { name: 'Documents' }).getByRole('row');
		await expect(rows).toHaveCount(before.documents.length + 1);
		for (const { name } of before.documents)
			await expect(rows.filter({ hasText: String(name) })).toHaveCount(1);
		const found = await search(page, this.#world.search.text);
		expect(found.join('\n')).toContain(this.#world.search.document);
		await page
			.getByRole('navigation', { name: 'Main' })
			.getByRole('link', { name: 'Chat' })
			.click();
		await page.getByRole('navigation', { name: 'Chats' }).getByRole('link').first().click();
		await expect(page.getByRole('article', { name: 'Assistant' })).toContainText(answer);
	}

	/** Engines that were being loaded at the kill are held back until a person says so. */
	async #tryAgain(): Promise<void> {
		const buttons = this.#page.getByRole('button', { name: 'Try again' });
		let held = await buttons.count();
		if (held === 0) return;
		this.#world.log.note('Safe mode held back what was being loaded at the kill; tried again.');
		for (; held > 0; held -= 1) {
			await buttons.first().click();
			await expect(buttons).toHaveCount(held - 1, patience);
		}
		await expect(engineOf(this.#page)).toContainText(/upgrading|trial|ready/, patience);
	}
}
