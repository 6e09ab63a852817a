import type { Page } from '@playwright/test';
import { longFile, markdownFile } from './documents.ts';
import { expect, type Profile } from './profile.ts';
import { addDocuments, planUpgrade, search } from './steps.ts';
import { storedRows } from './stored.ts';

const patience = { timeout: 90_000 };
const engineOf = (page: Page) => page.getByRole('status', { name: 'Engine' });
const useHere = (page: Page) => page.getByRole('button', { name: 'Use here' });

interface Entry {
	readonly planId: string;
	readonly seq: number;
	readonly type: string;
}

/** Numbers below `limit`, the same ones for the same seed. */
function randomFrom(seed: number): (limit: number) => number {
	let state = seed;
	return (limit) => {
		state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
		return Math.floor((state / 2 ** 32) * limit);
	};
}

/** What is there to be pressed at the moment; it may be gone by then. */
async function press(page: Page, name: string): Promise<void> {
	const button = page.getByRole('button', { name, exact: true });
	if (!(await button.isVisible())) return;
	await button.click({ timeout: 2_000 }).catch(() => undefined);
}

/** Three tabs come, go and take over in an order that the seed decides; the upgrade must happen once all the same. */
export async function raceTabs(profile: Profile, seed: number): Promise<void> {
	const first = await profile.open('/');
	await addDocuments(first, [longFile(600), markdownFile]);
	await planUpgrade(first, { chat: 'Starter 2', embedding: 'Starter 2' });
	await first.getByRole('button', { name: 'Start upgrade' }).click();

	const random = randomFrom(seed);
	let tabs = [first, ...(await Promise.all([profile.open('/upgrade'), profile.open('/upgrade')]))];
	for (let move = 0; move < 12; move += 1) {
		const tab = tabs[random(tabs.length)];
		const way = random(6);
		if (!tab) break;
		if (way === 0 && tabs.length > 1) {
			tabs = tabs.filter((other) => other !== tab);
			await tab.close();
		} else if (way === 1 && tabs.length < 3) {
			tabs.push(await profile.open('/upgrade'));
		} else if (way === 2) {
			// All at once.
			await Promise.all(tabs.map((each) => press(each, 'Use here')));
		} else if (way === 3) {
			await Promise.all(tabs.map((each) => press(each, 'Pause')));
			await Promise.all(tabs.map((each) => press(each, 'Resume')));
		} else {
			await press(tab, 'Use here');
		}
		await tabs[0]?.waitForTimeout(random(400));
	}

	const last = tabs.at(-1);
	if (!last) throw new Error('One tab stays open.');
	const engine = engineOf(last);
	await expect(async () => {
		if (await useHere(last).isVisible()) await useHere(last).click({ timeout: 2_000 });
		await press(last, 'Resume');
		await expect(engine).toContainText('trial', { timeout: 2_000 });
	}).toPass(patience);
	for (const tab of tabs) await expect(engineOf(tab)).toContainText('Starter 2');

	const entries = await storedRows<Entry>(last, 'journal');
	expect(new Set(entries.map(({ planId }) => planId)).size).toBe(1);
	expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, i) => i));
	const once = entries.filter(({ type }) => type === 'planned');
	expect(once).toHaveLength(1);
	const [record] = await storedRows<{ trial: { planId: string } | null }>(last, 'setup');
	expect(record?.trial?.planId).toBe(entries[0]?.planId);

	expect((await search(last, 'entry 345 of the ledger'))[0]).toContain('ledger.md');
	await expect(last.getByRole('table', { name: 'Documents' }).getByRole('row')).toHaveCount(3);
}
