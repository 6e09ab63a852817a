import { markdownFile, textFile } from './documents.ts';
import { expect, test } from './profile.ts';
import { addDocuments, planUpgrade, search, upgrade } from './steps.ts';

test('a second tab follows live, takes over on demand, and the first one steps back', async ({
	profile
}) => {
	const first = await profile.open('/');
	await expect(first.getByRole('status', { name: 'Engine' })).toContainText('ready');
	const second = await profile.open('/memory/knowledge');
	await expect(second.getByText('SAM is in use in another tab.')).toBeVisible();

	await addDocuments(first, [markdownFile]);
	await expect(second.getByRole('table', { name: 'Documents' })).toContainText(
		'beekeeping-notes.md'
	);

	await planUpgrade(first, { embedding: 'Starter 2', chat: 'Starter 2' });
	await upgrade(first);
	await expect(second.getByRole('status', { name: 'Engine' })).toContainText('Starter 2');
	await expect(second.getByRole('status', { name: 'Engine' })).toContainText('trial');

	await second.bringToFront();
	await second.getByRole('button', { name: 'Use here' }).click();
	await expect(second.getByText('SAM is in use in another tab.')).toHaveCount(0);
	await expect(first.getByText('SAM is in use in another tab.')).toBeVisible();
	await second
		.getByRole('status', { name: 'Engine' })
		.getByRole('button', { name: 'Undo' })
		.click();
	await expect(second.getByRole('status', { name: 'Engine' })).toContainText('Starter 1');
	await expect(first.getByRole('status', { name: 'Engine' })).toContainText('Starter 1');
	await addDocuments(second, [textFile('late.txt', 'The ferry leaves at noon.')]);
	expect((await search(second, 'when does the ferry leave'))[0]).toContain('late.txt');

	// What it knew is from before: it leads again, and finds what the other tab has added.
	await first.bringToFront();
	await first.getByRole('button', { name: 'Use here' }).click();
	await expect(first.getByText('SAM is in use in another tab.')).toHaveCount(0);
	expect((await search(first, 'when does the ferry leave'))[0]).toContain('late.txt');
});

test('closing the tab that leads hands over to the other one', async ({ profile }) => {
	const first = await profile.open('/');
	await addDocuments(first, [markdownFile]);
	const second = await profile.open('/memory/knowledge');
	await expect(second.getByText('SAM is in use in another tab.')).toBeVisible();
	await first.close();
	await expect(second.getByText('SAM is in use in another tab.')).toHaveCount(0);
	await expect(second.getByRole('status', { name: 'Engine' })).toContainText('ready');
	expect((await search(second, 'honey water content'))[0]).toContain('beekeeping-notes.md');
});
