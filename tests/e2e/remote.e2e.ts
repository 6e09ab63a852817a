import type { Locator, Page } from '@playwright/test';
import { OpenAiTestServer } from '../fixtures/openai-server/openai-server.ts';
import { htmlFile, markdownFile } from './documents.ts';
import { expectAccessible } from './expect-accessible.ts';
import { tabAndPress, tabTo } from './keyboard.ts';
import { expect, test as base, type Profile } from './profile.ts';
import { addDocuments, ask, planUpgrade, search, upgrade } from './steps.ts';

const key = 'sk-home-secret';
const chatModel = 'tiny-chat:1b';
const embedModel = 'org/tiny-embed';

/** A server on this machine, as a person runs one. Browsers report on the console what it refuses; that is wanted. */
const test = base.extend<{ readonly server: OpenAiTestServer }>({
	server: async ({ profile }, use) => {
		const server = await new OpenAiTestServer().start();
		server.does.dims = 256;
		profile.allow(server.url);
		await use(server);
		await profile.close();
		await server.stop();
		forgetRefusals(profile, server);
	}
});

function forgetRefusals({ complaints }: Profile, server: OpenAiTestServer): void {
	const others = complaints.filter(
		(each) => !(each.includes('Failed to load resource') && each.includes(server.url))
	);
	complaints.splice(0, complaints.length, ...others);
}

const card = (page: Page): Locator => page.getByRole('region', { name: 'Your own servers' });
const item = (page: Page): Locator => card(page).getByRole('listitem', { name: 'Home' });
const indicator = (page: Page): Locator => page.getByRole('status', { name: 'Engine' });
const lastAnswer = (page: Page): Locator => page.getByRole('article', { name: 'Assistant' }).last();

async function openSettings(page: Page): Promise<void> {
	const main = page.getByRole('navigation', { name: 'Main' });
	await main.getByRole('link', { name: 'Settings' }).click();
	await expect(page.getByRole('heading', { level: 1 })).toHaveText('Settings');
}

async function addServer(page: Page, url: string, secret = ''): Promise<void> {
	await openSettings(page);
	await card(page).getByLabel('Name').fill('Home');
	await card(page).getByLabel('Address').fill(url);
	await card(page).getByLabel('Key', { exact: true }).fill(secret);
	await card(page).getByRole('button', { name: 'Add server' }).click();
}

/** Allows a model of the server for chat, or for embeddings. */
async function choose(page: Page, task: 'Chat' | 'Embedding', model: string): Promise<void> {
	const box = item(page).getByRole('checkbox', { name: `${task} with ${model}` });
	await box.click();
	await expect(box).toBeChecked();
}

/** Has the server's model in use for chat, on trial. */
async function chatOnServer(page: Page, server: OpenAiTestServer): Promise<void> {
	await addServer(page, server.url, key);
	await expect(item(page)).toBeVisible();
	await choose(page, 'Chat', chatModel);
	await planUpgrade(page, { chat: `${chatModel} on Home` });
	await upgrade(page);
}

test('nothing is asked before a server is added; then it answers, and every page says so', async ({
	profile,
	server
}) => {
	test.setTimeout(240_000);
	server.does.key = key;
	const page = await profile.open('/');
	await addDocuments(page, [markdownFile]);
	await ask(page, 'When do bees swarm?');
	await expect(indicator(page)).not.toContainText('leaves this device');
	expect(server.arrived).toEqual([]);

	await addServer(page, server.url, 'sk-wrong');
	await expect(card(page).getByRole('alert')).toContainText('does not accept the key');
	await expect(card(page).getByRole('list', { name: 'Servers' })).toHaveCount(0);
	await card(page).getByLabel('Key', { exact: true }).fill(key);
	await card(page).getByRole('button', { name: 'Add server' }).click();
	await expect(item(page)).toContainText('leaves this device');
	await expectAccessible(page, 'Settings with a server');
	await choose(page, 'Chat', chatModel);
	expect(server.does.requests.every(({ path }) => path === '/models')).toBe(true);

	await planUpgrade(page, { chat: `${chatModel} on Home` });
	await expect(page.locator('[data-effect=Changed]')).toContainText('leave this device');
	await upgrade(page);
	await expect(indicator(page)).toContainText('leaves this device');
	await ask(page, 'When do bees swarm?');
	await expect(lastAnswer(page)).toContainText('You asked a question.');
	await expect(lastAnswer(page)).toContainText('left this device');
	const sent = server.does.last('/chat/completions');
	expect(sent?.authorization).toBe(`Bearer ${key}`);
	expect(JSON.stringify(sent?.body.messages)).toContain('When do bees swarm?');
	await expectAccessible(page, 'an answer of a server');

	await page.reload();
	await expect(indicator(page)).toContainText('leaves this device');
	await openSettings(page);
	await item(page).getByRole('button', { name: 'Remove' }).click();
	await expect(card(page).getByRole('alert')).toContainText('in use by your chats');
	await indicator(page).getByRole('button', { name: 'Undo' }).click();
	await expect(indicator(page)).not.toContainText('leaves this device');
	// The upgrade needs its engine until it has gone back for good.
	await expect(indicator(page)).toContainText('ready');
	const before = server.arrived.length;
	await item(page).getByRole('button', { name: 'Remove' }).click();
	await expect(card(page)).toContainText('Nothing is sent there any more');
	await ask(page, 'When do bees swarm?');
	expect(server.arrived).toHaveLength(before);
});

test('an answer that is stopped in the middle is stopped on the server, too', async ({
	profile,
	server
}) => {
	const page = await profile.open('/');
	await chatOnServer(page, server);
	const { promise, resolve } = Promise.withResolvers<undefined>();
	let pieces = 0;
	server.does.pause = async () => {
		pieces++;
		if (pieces > 4) await promise;
	};
	const main = page.getByRole('navigation', { name: 'Main' });
	await main.getByRole('link', { name: 'Chat' }).click();
	await page.getByRole('textbox', { name: 'Message' }).fill('What is a hive?');
	await page.getByRole('button', { name: 'Send' }).click();
	await expect(lastAnswer(page)).toContainText('You asked');
	await page.getByRole('button', { name: 'Stop' }).click();
	await expect(lastAnswer(page)).toContainText('Stopped.');
	await expect.poll(() => server.does.last('/chat/completions')?.closed).toBe(true);
	resolve(undefined);
	pieces = Number.NEGATIVE_INFINITY;
	await ask(page, 'And now?');
	await expect(lastAnswer(page)).toContainText('You asked a question.');
});

test('a server that is down, or wants another key, is named, and the app goes on', async ({
	profile,
	server
}) => {
	const page = await profile.open('/');
	await chatOnServer(page, server);
	await ask(page, 'What is a hive?');
	await server.stop();
	const { host } = new URL(server.url);
	await ask(page, 'Are you there?');
	await expect(lastAnswer(page)).toContainText(`The server ${host} does not answer`);
	await addDocuments(page, [htmlFile]);

	await server.start();
	server.does.key = 'another';
	await ask(page, 'May I?');
	await expect(lastAnswer(page)).toContainText(`The server ${host} does not accept the key`);
	await openSettings(page);
	await item(page).getByText('Change the key').click();
	await item(page).getByLabel('New key').fill('another');
	await item(page).getByRole('button', { name: 'Save key' }).click();
	await expect(card(page)).toContainText('Home accepts the key.');
	await ask(page, 'And now?');
	await expect(lastAnswer(page)).toContainText('You asked a question.');
});

test('documents are embedded on a server, and searched', async ({ profile, server }) => {
	test.setTimeout(240_000);
	const page = await profile.open('/');
	await addDocuments(page, [markdownFile, htmlFile]);
	await addServer(page, server.url);
	await choose(page, 'Embedding', embedModel);
	await planUpgrade(page, { embedding: `${embedModel} on Home` });
	await expect(page.locator('[data-effect=Changed]')).toContainText(
		'The text of all your documents, and of what you ask, leaves this device'
	);
	await upgrade(page);
	await expect(indicator(page)).toContainText('leaves this device');
	expect(await search(page, 'when does a colony leave the hive')).not.toEqual([]);
	const embedded = server.does.requests.filter(({ path }) => path === '/embeddings');
	expect(embedded.length).toBeGreaterThan(1);
});

test('an engine reaches the servers that were added, and nothing else', async ({
	profile,
	server
}) => {
	const page = await profile.open('/');
	await expect(indicator(page)).toContainText('ready');
	/** What each engine that runs gets from there, without repeats. */
	const reach = async (url: string): Promise<string[]> => {
		const workers = page.workers().filter((each) => each.url().includes('engine.worker'));
		const outcomes = workers.map(async (worker) => {
			try {
				return await worker.evaluate(
					(address) =>
						fetch(address).then(
							({ status }) => `status ${status}`,
							() => 'refused'
						),
					url
				);
			} catch (error) {
				// One that another engine has replaced meanwhile reaches nothing any more.
				if (page.workers().includes(worker)) throw error;
				return null;
			}
		});
		return [...new Set((await Promise.all(outcomes)).filter((each) => each !== null))].toSorted();
	};
	// Engines start after the app: there may be none yet.
	await expect.poll(() => reach(`${server.url}/models`)).toEqual(['refused']);
	expect(await reach('https://huggingface.co/')).toEqual(['refused']);
	expect(server.arrived).toEqual([]);
	await chatOnServer(page, server);
	// The engine that was running before stays as it was: it has no business there.
	await expect.poll(() => reach(`${server.url}/models`)).toEqual(['refused', 'status 200']);
	expect(await reach('https://huggingface.co/')).toEqual(['refused']);
	// The refusals that this test provoked are reported on the console.
	profile.complaints.splice(0, profile.complaints.length);
});

test('a server is added and chosen with the keyboard alone', async ({ profile, server }) => {
	const page = await profile.open('/settings');
	await expect(indicator(page)).toContainText('ready');
	await tabTo(page, card(page).getByLabel('Name'));
	await page.keyboard.type('Home');
	await tabTo(page, card(page).getByLabel('Address'));
	await page.keyboard.type('not an address');
	await page.keyboard.press('Enter');
	await expect(card(page).getByLabel('Address')).toBeFocused();
	await expect(card(page).getByLabel('Address')).toHaveAccessibleDescription(/not an address/);
	await page.keyboard.press('ControlOrMeta+a');
	await page.keyboard.type(server.url);
	await tabAndPress(page, card(page).getByRole('button', { name: 'Add server' }));
	const box = item(page).getByRole('checkbox', { name: `Chat with ${chatModel}` });
	await tabTo(page, box, 'Shift+Tab');
	await page.keyboard.press('Space');
	await expect(box).toBeChecked();
	const remove = item(page).getByRole('button', { name: 'Remove' });
	await tabAndPress(page, remove);
	await expect(card(page)).toContainText('Nothing is sent there any more');
	await expect(card(page).getByLabel('Address')).toBeFocused();
});
