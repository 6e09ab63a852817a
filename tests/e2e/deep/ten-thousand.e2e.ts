import type { Locator, Page } from '@playwright/test';
import { markdownFile, wordyFile } from '../documents.ts';
import { processMemory } from '../process-memory.ts';
import { expect, test } from '../profile.ts';
import { addDocuments, ask, planUpgrade, search } from '../steps.ts';
import { expectTidy, expectWhole, expectIndexed, readStoredData } from '../stored-data.ts';

const files = 5;
const passagesOfEach = 2050;
const patience = { timeout: 15 * 60_000 };
const engineOf = (page: Page): Locator => page.getByRole('status', { name: 'Engine' });

/** From now on, the page notes for how long it was too busy to react, milliseconds each. */
async function watchLongTasks(page: Page): Promise<() => Promise<number[]>> {
	await page.evaluate(() => {
		const found: number[] = [];
		Object.assign(globalThis, { longTasks: found });
		new PerformanceObserver((list) => {
			for (const { duration } of list.getEntries()) found.push(Math.round(duration));
		}).observe({ entryTypes: ['longtask'] });
	});
	return () =>
		page.evaluate(() =>
			(globalThis as unknown as { longTasks: number[] }).longTasks.splice(0, Infinity)
		);
}

test('10,000 passages are re-embedded, tried and undone, and the old index is there at once', async ({
	profile
}) => {
	test.skip(process.platform !== 'linux', 'reads /proc');
	test.setTimeout(30 * 60_000);
	const page = await profile.open('/memory/knowledge');
	const longTasks = await watchLongTasks(page);
	const browser = page.context().browser();
	const figures: [string, string][] = [];
	const megabytes = async (): Promise<string> =>
		`${Math.round(browser ? await processMemory(browser) : 0)} MB`;
	const note = async (what: string, since: number): Promise<void> => {
		const tasks = await longTasks();
		const longest = tasks.length > 0 ? `, the longest ${Math.max(...tasks)} ms` : '';
		const seconds = ((performance.now() - since) / 1000).toFixed(1);
		figures.push([
			what,
			`${seconds} s; ${tasks.length} tasks over 50 ms${longest}; memory ${await megabytes()}`
		]);
	};

	let since = performance.now();
	const table = page.getByRole('table', { name: 'Documents' });
	for (let file = 1; file <= files; file += 1) {
		const chooser = page.waitForEvent('filechooser');
		await page.getByRole('button', { name: 'Add documents' }).click();
		const name = `almanac-${file}.md`;
		await (await chooser).setFiles([wordyFile(name, passagesOfEach, file)]);
		await expect(table.getByRole('row').filter({ hasText: name })).toContainText('ready', patience);
	}
	await addDocuments(page, [markdownFile]);
	await expectIndexed(page);
	await note('importing and indexing', since);
	await ask(page, 'When does swarming begin?');
	const before = await readStoredData(page);
	const texts = new Set(before.chunks.map(({ textHash }) => textHash)).size;
	expect(texts).toBeGreaterThanOrEqual(10_000);

	await planUpgrade(page, { chat: 'Starter 2', embedding: 'Starter 2' });
	await longTasks();
	since = performance.now();
	await page.getByRole('button', { name: 'Start upgrade' }).click();
	const progress = page.getByRole('progressbar', { name: 'Upgrade progress' });
	let most = 0;
	await expect
		.poll(
			async () => {
				most = Math.max(most, browser ? await processMemory(browser) : 0);
				return engineOf(page).textContent();
			},
			{ ...patience, intervals: [500] }
		)
		.toContain('trial');
	await note(`upgrade to Starter 2, up to the trial; at most ${Math.round(most)} MB`, since);
	await expect(progress).toBeVisible();
	const onTrial = await readStoredData(page);
	expectWhole(onTrial, before);
	expect(onTrial.setup.current.embedding.name).toBe('Starter 2');
	since = performance.now();
	expect((await search(page, 'royal jelly')).join('\n')).toContain(markdownFile.name);
	await note('the first search in the new index', since);

	since = performance.now();
	await engineOf(page).getByRole('button', { name: 'Undo' }).click();
	await expect(engineOf(page)).toContainText(/Starter 1.*ready/, patience);
	await note('Undo', since);
	since = performance.now();
	expect((await search(page, 'royal jelly')).join('\n')).toContain(markdownFile.name);
	await note('the first search in the old index', since);
	const after = await readStoredData(page);
	expectWhole(after, before);
	expectTidy(after);
	// Nothing was embedded anew: every vector of the old index is where it was.
	const oldBlocks = (data: typeof after): unknown =>
		data.blocks.filter(({ indexId }) => indexId === before.setup.current.index);
	expect(oldBlocks(after)).toEqual(oldBlocks(before));
	console.log(`${texts} passages`);
	for (const [what, figure] of figures) console.log(`${what}: ${figure}`);
});
