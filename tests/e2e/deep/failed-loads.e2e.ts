import { markdownFile } from '../documents.ts';
import { engineWorkers, tryInThisChat } from '../engine-steps.ts';
import { download, modelOf, openLibrary } from '../library-steps.ts';
import { processMemory } from '../process-memory.ts';
import { expect, test } from '../profile.ts';
import { addDocuments, ask } from '../steps.ts';

const patience = { timeout: 60_000 };
const question = 'When does swarming begin?';

test('twenty loads that fail leave no worker and no memory behind', async ({ profile }) => {
	test.skip(process.platform !== 'linux', 'reads /proc');
	test.setTimeout(300_000);
	const page = await profile.open('/');
	await addDocuments(page, [markdownFile]);
	await openLibrary(page);
	await download(modelOf(page, 'Broken Llama'));
	await ask(page, question);
	const browser = page.context().browser();
	const memory: number[] = [];
	for (let cycle = 1; cycle <= 20; cycle += 1) {
		await tryInThisChat(page, 'Broken Llama');
		await page.getByRole('textbox', { name: 'Message' }).fill('And then?');
		await page.getByRole('button', { name: 'Send' }).click();
		await expect(page.getByRole('article', { name: 'Assistant' })).toHaveCount(cycle + 1);
		await expect(page.getByRole('article', { name: 'Assistant' }).last()).toContainText(
			'so Starter 1 answered.',
			patience
		);
		// The one that answers, and the one that embeds.
		await expect.poll(() => engineWorkers(page).length).toBe(2);
		memory.push(browser ? await processMemory(browser) : 0);
	}
	const [warm, end] = [memory[4] ?? 0, memory.at(-1) ?? 0];
	console.log(`Memory over twenty failed loads, MiB: ${memory.map(Math.round).join(' ')}`);
	expect(end).toBeLessThan(Math.max(warm * 1.15, warm + 40));
});
