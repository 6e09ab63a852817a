import { markdownFile, textFile } from './documents.ts';
import { expect, test } from './profile.ts';
import { addDocuments, search } from './steps.ts';

const broken = [
	{ name: 'scan.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7\nnothing') },
	{ name: 'photo.md', mimeType: 'text/markdown', buffer: Buffer.from([0, 255, 0, 1, 2, 0, 7]) },
	{ name: 'empty.txt', mimeType: 'text/plain', buffer: Buffer.from('  \n ') }
];

test('files that cannot be read are listed with the reason, and harm no others', async ({
	profile
}) => {
	const page = await profile.open('/memory/knowledge');
	const chooser = page.waitForEvent('filechooser');
	await page.getByRole('button', { name: 'Add documents' }).click();
	await (await chooser).setFiles([...broken, markdownFile]);
	const table = page.getByRole('table', { name: 'Documents' });
	for (const { name } of broken) {
		const row = table.getByRole('row').filter({ hasText: name });
		await expect(row).toContainText('failed');
		await expect(row).toContainText(new RegExp(`${name} (could|is|contains)`));
	}
	await expect(table.getByRole('row').filter({ hasText: markdownFile.name })).toContainText(
		'ready'
	);
	await table
		.getByRole('row')
		.filter({ hasText: 'empty.txt' })
		.getByRole('button', { name: 'Remove empty.txt' })
		.click();
	await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click();
	await expect(table.getByRole('row').filter({ hasText: 'empty.txt' })).toHaveCount(0);
	expect((await search(page, 'lime trees harvest'))[0]).toContain('beekeeping-notes.md');
});

test('the same file twice is one document; a removed one is found no more', async ({ profile }) => {
	const page = await profile.open('/');
	await addDocuments(page, [markdownFile]);
	await addDocuments(page, [markdownFile]);
	const table = page.getByRole('table', { name: 'Documents' });
	await expect(table.getByRole('row')).toHaveCount(2);
	await addDocuments(page, [textFile('bread.txt', 'Rye bread rests for a day before it is cut.')]);
	expect((await search(page, 'rye bread'))[0]).toContain('bread.txt');
	await page.getByRole('button', { name: 'Remove bread.txt' }).click();
	await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click();
	await expect(table.getByRole('row')).toHaveCount(2);
	await expect(page.getByRole('list', { name: 'Results' })).not.toContainText('bread.txt');
});

test('a model whose bytes are not what its publisher made is never loaded', async ({ profile }) => {
	const page = await profile.open('/memory/engines');
	const context = await profile.context();
	await context.route('**/models/tiny-bert-96/config.json', async (route) => {
		const response = await route.fetch();
		const text = await response.text();
		await route.fulfill({ response, body: text.replace('bert', 'bort') });
	});
	const model = page
		.getByRole('list', { name: 'Models' })
		.getByRole('listitem')
		.filter({ hasText: 'Tiny BERT 96' });
	await model.getByRole('button', { name: 'Download' }).click();
	await expect(model).toContainText('SHA-256 differs', { timeout: 60_000 });
	await expect(model.getByRole('button', { name: 'Resume' })).toBeVisible();
	await context.unroute('**/models/tiny-bert-96/config.json');
	await model.getByRole('button', { name: 'Resume' }).click();
	await expect(model).toContainText('verified', { timeout: 60_000 });
	await model.getByRole('button', { name: 'Verify' }).click();
	await expect(page.getByText('Every byte is as its publisher made it.')).toBeVisible();
	await model.getByRole('button', { name: 'Delete' }).click();
	await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
	await expect(page.getByText(/freed/)).toBeVisible();
	await expect(model.getByRole('button', { name: 'Download' })).toBeVisible();
});
