import { ballastBytes, partBytes } from './hub-models.ts';
import {
	buttonOf,
	expectInstalled,
	modelOf,
	openLibrary,
	shareDone,
	startDownload,
	useHub
} from './library-steps.ts';
import { expect, test } from './profile.ts';

test('a second tab sees the download, and finishes it when the first one is closed', async ({
	profile,
	hub
}) => {
	const first = await profile.open('/');
	await useHub(first, hub);
	hub.bytesPerSecond = 4e6;
	await openLibrary(first);
	await startDownload(modelOf(first, 'Big BERT'));

	const second = await profile.open('/memory/engines');
	await expect(second.getByText('SAM is in use in another tab.')).toBeVisible();
	const seen = modelOf(second, 'Big BERT');
	await expect
		.poll(() => shareDone(seen), { message: 'the follower sees progress' })
		.toBeGreaterThan(0);
	const early = await shareDone(seen);
	await expect.poll(() => shareDone(seen)).toBeGreaterThan(early);

	await first.close();
	await expect(second.getByText('SAM is in use in another tab.')).toHaveCount(0);
	hub.bytesPerSecond = 0;
	await expectInstalled(seen);
	expect(hub.sent('ballast.bin')).toBeLessThan(ballastBytes + 2 * partBytes);
});

test('a tab that takes over goes on with the download; the first one steps back', async ({
	profile,
	hub
}) => {
	const first = await profile.open('/');
	await useHub(first, hub);
	hub.bytesPerSecond = 4e6;
	await openLibrary(first);
	await startDownload(modelOf(first, 'Big BERT'));
	const second = await profile.open('/memory/engines');
	await second.getByRole('button', { name: 'Use here' }).click();
	await expect(first.getByText('SAM is in use in another tab.')).toBeVisible();
	await expect(buttonOf(modelOf(second, 'Big BERT'), 'Pause')).toBeVisible();
	await expect.poll(() => shareDone(modelOf(second, 'Big BERT'))).toBeGreaterThan(0);
	hub.bytesPerSecond = 0;
	await expectInstalled(modelOf(second, 'Big BERT'));
	await expectInstalled(modelOf(first, 'Big BERT'));
	await expect(first.getByRole('alert')).toHaveCount(0);
	await expect(first.getByText('The download of Big BERT goes on in the other tab.')).toBeVisible();
});
