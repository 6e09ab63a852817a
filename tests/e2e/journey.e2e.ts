import { htmlFile, markdownFile, pdfFile, textFile } from './documents.ts';
import { expect, test } from './profile.ts';
import { addDocuments, ask, planUpgrade, search, upgrade } from './steps.ts';

// About somebody who has never been here before.
test.use({ firstVisit: true });

const question = 'What does the code F22 mean on the boiler?';
const engine = { role: 'status', name: 'Engine' } as const;

test('a person upgrades the engine under their own documents, undoes it, and loses nothing', async ({
	profile
}) => {
	test.setTimeout(300_000);
	const page = await profile.open('/');
	const status = page.getByRole(engine.role, { name: engine.name });
	const assistant = page.getByRole('article', { name: 'Assistant' });
	await expect(status).toContainText('Starter 1');
	await expect(status).toContainText('ready');

	await test.step('three documents of different kinds', async () => {
		await addDocuments(page, [markdownFile, htmlFile, await pdfFile(await profile.context())]);
	});

	await test.step('a cited, extractive answer', async () => {
		await ask(page, question);
		await expect(assistant.last()).toContainText('0.8 bar');
		await expect(assistant.last()).toContainText('Extractive');
		await assistant
			.last()
			.getByRole('link', { name: /^Source 1/ })
			.first()
			.click();
		await expect(page.getByRole('dialog')).toContainText('boiler-manual.pdf');
		await expect(page.getByRole('dialog')).toContainText('F22');
		await page.keyboard.press('Escape');
	});

	const before = await search(page, 'when does a colony leave the hive');

	await test.step('from Starter 1 to Starter 2', async () => {
		await planUpgrade(page, { chat: 'Starter 2', embedding: 'Starter 2' });
		await page.getByRole('button', { name: 'Dry run' }).click();
		await expect(page.getByText('Nothing was stored.')).toBeVisible();
		await upgrade(page);
		await expect(page.getByRole('table', { name: 'Comparison' })).toBeVisible();
		await expect(status).toContainText('Starter 2');
		await page.getByRole('main').getByRole('button', { name: 'Keep' }).click();
		await expect(status).toContainText('ready');
	});

	await test.step('the same question is answered, the same passage is found', async () => {
		await ask(page, question);
		await expect(assistant.last()).toContainText('0.8 bar');
		await expect(assistant.last()).toContainText('Starter 2');
		const after = await search(page, 'when does a colony leave the hive');
		expect(after[0]).toContain('beekeeping-notes.md');
		expect(before[0]).toContain('beekeeping-notes.md');
	});

	await test.step('to a transformers.js embedder that is downloaded on the way', async () => {
		await planUpgrade(page, { embedding: 'Tiny BERT 64' });
		await upgrade(page);
		const found = await search(page, 'late return fee of the library');
		expect(found[0]).toContain('city-library.html');
		await ask(page, question);
		await expect(assistant.last()).toContainText('0.8 bar');
	});

	await test.step('a document that is added during the trial outlives Undo', async () => {
		await addDocuments(page, [
			textFile(
				'tide-table.txt',
				'High water at the old lighthouse is at twenty past six on Friday.'
			)
		]);
		await status.getByRole('button', { name: 'Undo' }).click();
		await expect(status).toContainText('ready', { timeout: 60_000 });
		await page.getByRole('link', { name: 'History' }).click();
		await expect(page.getByRole('list', { name: 'Upgrades' })).toContainText('undone');
		expect((await search(page, 'high water at the lighthouse'))[0]).toContain('tide-table.txt');
		await expect(page.getByRole('table', { name: 'Documents' }).getByRole('row')).toHaveCount(5);
	});

	await test.step('offline, after a reload, everything is there', async () => {
		const context = await profile.context();
		await context.setOffline(true);
		await page.reload();
		await expect(status).toContainText('ready', { timeout: 60_000 });
		expect((await search(page, 'high water at the lighthouse'))[0]).toContain('tide-table.txt');
		await ask(page, 'When is high water at the lighthouse?');
		await expect(assistant.last()).toContainText('twenty past six');
		await expect(page.getByRole('navigation', { name: 'Chats' }).getByRole('listitem')).toHaveCount(
			4
		);
	});
});
