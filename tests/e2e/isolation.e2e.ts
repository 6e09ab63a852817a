import { join } from 'node:path';
import type { Page, Worker } from '@playwright/test';
import { serve } from '../../scripts/serve.mjs';
import { expect, test } from './profile.ts';

// About somebody who has never been here before.
test.use({ firstVisit: true });

const root = join(import.meta.dirname, '..', '..');

/** The app on a host that sends no headers of its own, as most static hosts do. */
async function plainHost(): Promise<string> {
	const port = Number(process.env.SAM_TEST_PORT ?? 4179) + 40;
	return serve({
		port,
		roots: [join(root, '.cache', 'e2e-site'), join(root, 'build')],
		before: (_, response) => {
			for (const name of response.getHeaderNames()) response.removeHeader(name);
		}
	});
}

const isApart = (page: Page): Promise<boolean> => page.evaluate(() => crossOriginIsolated);

async function ready(page: Page): Promise<void> {
	await expect(page.getByRole('status', { name: 'Engine' })).toContainText('ready');
}

function knowledgeWorker(page: Page): Worker {
	const worker = page.workers().find((candidate) => candidate.url().includes('knowledge'));
	if (!worker) throw new Error('The page has no knowledge worker.');
	return worker;
}

test('pages and workers share memory between threads where the host allows it', async ({
	profile
}) => {
	const page = await profile.open('/');
	await ready(page);
	expect(await isApart(page)).toBe(true);
	expect(await knowledgeWorker(page).evaluate(() => crossOriginIsolated)).toBe(true);
});

test('on any other host they do from the second visit on, offline too, and threads can start', async ({
	profile
}) => {
	const host = await plainHost();
	profile.allow(host);
	const page = await profile.open(host);
	await ready(page);
	expect(await isApart(page)).toBe(false);
	await page.evaluate(() => navigator.serviceWorker.ready);
	await page.reload();
	await ready(page);
	expect(await isApart(page)).toBe(true);

	await (await profile.context()).setOffline(true);
	await page.reload();
	await ready(page);
	expect(await isApart(page)).toBe(true);
	const worker = knowledgeWorker(page);
	const outcome = await worker.evaluate(
		(script) =>
			new Promise((resolve) => {
				// As the runtime starts its threads: a worker of the worker, which must be set apart as well.
				const thread = new Worker(script, { type: 'module' });
				thread.onerror = () => resolve('blocked');
				thread.onmessage = () => resolve('started');
				setTimeout(() => resolve('started'), 2000);
			}),
		worker.url()
	);
	expect(outcome).toBe('started');
});
