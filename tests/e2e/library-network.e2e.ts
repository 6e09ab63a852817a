import { ballastBytes, hubBert, partBytes } from './hub-models.ts';
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

test('without a network a download waits, says so, and goes on by itself', async ({
	profile,
	hub
}) => {
	const page = await profile.open('/');
	await useHub(page, hub);
	hub.bytesPerSecond = 6e6;
	await openLibrary(page);
	const model = modelOf(page, 'Big BERT');
	await startDownload(model);
	await expect.poll(() => shareDone(model)).toBeGreaterThan(0.3);
	const context = await profile.context();
	await context.setOffline(true);
	// The browser lets a stream that is open come to its end.
	hub.disconnect();
	await expect(model).toContainText('Waits for the network');
	const before = hub.sent('ballast.bin');
	await page.waitForTimeout(1500);
	expect(hub.sent('ballast.bin')).toBeLessThan(before + 1e6);
	await expect(model).toContainText('Waits for the network');

	hub.bytesPerSecond = 0;
	await context.setOffline(false);
	await expectInstalled(model);
	expect(hub.sent('ballast.bin')).toBeLessThan(ballastBytes + 2 * partBytes);
});

test('a byte that was changed on the way never becomes a part of a model', async ({
	profile,
	hub
}) => {
	const page = await profile.open('/');
	await useHub(page, hub);
	const sound = hub.fault;
	hub.fault = ({ kind, url }) =>
		kind === 'file' && url.includes('ballast') ? { kind: 'flip', at: 20_000_000 } : null;
	await openLibrary(page);
	const model = modelOf(page, 'Big BERT');
	await buttonOf(model, 'Download').click();
	await expect(model).toContainText('the SHA-256 differs', { timeout: 60_000 });
	await expect(model).not.toContainText('verified');
	await expect(buttonOf(model, 'Resume')).toBeVisible();

	hub.fault = sound;
	await buttonOf(model, 'Resume').click();
	await expectInstalled(model);
	await buttonOf(model, 'Verify').click();
	await expect(page.getByText('Big BERT: Every byte is as its publisher made it.')).toBeVisible();
});

test('a page to sign in is taken neither for a list of files nor for a file', async ({
	profile,
	hub
}) => {
	const page = await profile.open('/');
	await useHub(page, hub);
	const sound = hub.fault;
	hub.fault = ({ kind }) => (kind === 'list' ? { kind: 'web-page' } : null);
	await openLibrary(page);
	const model = modelOf(page, 'Hub BERT');
	await buttonOf(model, 'Download').click();
	await expect(page.getByRole('alert')).toContainText('Hub BERT');
	await expect(page.getByRole('dialog')).toHaveCount(0);

	hub.fault = ({ kind, url }) =>
		kind === 'file' && url.includes('model.onnx') ? { kind: 'web-page' } : null;
	await buttonOf(model, 'Download').click();
	await page.getByRole('dialog').getByRole('button', { name: 'Download' }).click();
	await expect(model).toContainText('answered with a web page instead of onnx/model.onnx');

	hub.fault = sound;
	await buttonOf(model, 'Resume').click();
	await expectInstalled(model);
	expect(hub.sent('model.onnx')).toBe(hubBert.files.get('onnx/model.onnx')?.byteLength);
});
