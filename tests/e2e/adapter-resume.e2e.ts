import {
	addReviewed,
	lookAtAdapter,
	openAddAdapter,
	openTuner,
	storedAdapters
} from './adapter-import-steps.ts';
import { expectAccessible } from './expect-accessible.ts';
import { hubPirate } from './hub-adapters.ts';
import { useHub } from './library-steps.ts';
import { expect, test } from './profile.ts';

const path = 'checkpoint-20/adapter_model.safetensors';
const goesOn = 'bytes=1000-';
const bytes = hubPirate.files.get(path)!.byteLength;

test('an adapter whose download is interrupted goes on where it was', async ({ profile, hub }) => {
	const page = await profile.open('/');
	await useHub(page, hub);
	await openTuner(page);
	// What comes in one piece with the end of its connection is lost: 1000 bytes at a time.
	hub.bytesPerSecond = 20_000;
	const dialog = await openAddAdapter(page);
	const interrupted = dialog.getByRole('group', { name: 'Interrupted' });
	const progress = dialog.getByRole('progressbar', { name: 'Adding the adapter' });
	const address = `${hub.url}${hubPirate.repository}/tree/main/checkpoint-20`;
	/** What the hub was asked for the weights since then. */
	let since = 0;
	const asked = () => hub.fileRequests(path).slice(since);
	const cut = (at: number): void => {
		since = hub.fileRequests(path).length;
		hub.fault = ({ kind, url }) =>
			kind === 'file' && url.includes(path) ? { kind: 'cut', at } : null;
	};

	await test.step('over a line that breaks again and again it is told how far it has come', async () => {
		cut(1000);
		await lookAtAdapter(dialog, address);
		await expect(dialog.getByRole('alert')).toContainText('could not be reached', {
			timeout: 20_000
		});
		await expect(interrupted).toContainText('have come. They are kept until you cancel');
		await expectAccessible(page, 'an adapter that was interrupted');
		// The browser itself asks once more where nothing has come at all.
		expect(asked().length).toBeGreaterThanOrEqual(4);
		const [first, ...others] = asked().map(({ range }) => range);
		expect([first, new Set(others)]).toEqual([null, new Set([goesOn])]);
		expect(await storedAdapters(page)).toEqual([[], 0]);
	});

	await test.step('closing the dialog keeps it', async () => {
		await page.keyboard.press('Escape');
		await expect(dialog).toHaveCount(0);
		await openAddAdapter(page);
		await expect(interrupted.getByRole('button', { name: 'Go on' })).toBeVisible();
	});

	await test.step('without a network it waits, and goes on by itself', async () => {
		const context = await profile.context();
		await context.setOffline(true);
		await interrupted.getByRole('button', { name: 'Go on' }).click();
		await expect(progress).toHaveAttribute('aria-valuetext', /^There is no network\./);
		hub.fault = () => null;
		await context.setOffline(false);
		await expect(dialog.getByRole('button', { name: 'Add adapter' })).toBeVisible();
		expect(asked().at(-1)?.range).toBe(goesOn);
		expect(asked().reduce((sum, { sent }) => sum + sent, 0)).toBe(bytes);
		expect(await storedAdapters(page)).toEqual([[], 0]);
		await addReviewed(page, dialog, 'Held on');
		expect(await storedAdapters(page)).toEqual([['Held on'], 2]);
	});

	await test.step('Cancel leaves nothing of it behind', async () => {
		await openAddAdapter(page);
		cut(1000);
		await lookAtAdapter(dialog, address);
		await expect(interrupted).toBeVisible({ timeout: 20_000 });
		await dialog.getByRole('button', { name: 'Cancel' }).click();
		await openAddAdapter(page);
		await expect(dialog.getByRole('textbox', { name: 'Adapter address' })).toHaveValue(address);
		await expect(interrupted).toHaveCount(0);
		hub.fault = () => null;
		await dialog.getByRole('button', { name: 'Look' }).click();
		await expect(dialog.getByRole('button', { name: 'Add adapter' })).toBeVisible();
		expect(asked().at(-1)).toMatchObject({ range: null, sent: bytes });
	});
});
