import { beforeEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import type { RemoteServers } from '$lib/app/views/remote-servers.svelte.ts';
import { remoteServerStore } from '$lib/engines/remote/remote-server.ts';
import { write } from '$lib/ports/store-write.ts';
import { RemoteServersWorld } from '$lib/testing/remote-servers-of.ts';
import ServersCard from './ServersCard.svelte';

let world: RemoteServersWorld;
let servers: RemoteServers;
const name = page.getByRole('textbox', { name: 'Name' });
const address = page.getByRole('textbox', { name: 'Address' });
const key = page.getByLabelText('Key', { exact: true });
const list = page.getByRole('list', { name: 'Servers' });
const item = list.getByRole('listitem', { name: 'My server' });
const status = page.getByRole('status');

beforeEach(async () => {
	world = new RemoteServersWorld();
	servers = world.open();
	await servers.load();
	await render(ServersCard, { servers });
});

async function add(): Promise<void> {
	await name.fill('My server');
	await address.fill(world.url);
	await page.getByRole('button', { name: 'Add server' }).click();
	await expect.element(item).toBeVisible();
}

test('says what leaves this device before there is any server', async () => {
	const card = page.getByRole('region', { name: 'Your own servers' });
	await expect.element(card).toMatchTextContent('leave this device');
	expect(list.query()).toBeNull();
	expect(world.does.requests).toEqual([]);
});

test('a server is added with the keyboard alone, and the fields are empty again', async () => {
	await name.click();
	await userEvent.keyboard('My server');
	await userEvent.tab();
	await userEvent.keyboard(world.url);
	await userEvent.tab();
	await userEvent.keyboard('sk-very-secret{Enter}');
	await expect.element(item).toMatchTextContent('leaves this device');
	await expect.element(item).toMatchTextContent('has a key');
	await expect.element(status).toMatchTextContent('My server offers 2 models');
	await expect.element(key).toHaveValue('');
	expect(document.body.textContent).not.toContain('sk-very-secret');
});

test('the key is not shown, and no browser is asked to keep it', async () => {
	await expect.element(key).toHaveAttribute('type', 'password');
	await expect.element(key).toHaveAttribute('autocomplete', 'off');
});

test('says at the field what is wrong with an address, and goes there', async () => {
	await address.fill('ftp://localhost');
	await page.getByRole('button', { name: 'Add server' }).click();
	await expect.element(address).toHaveAccessibleDescription(/not an address of a server/);
	await expect.element(address).toHaveFocus();
	expect(list.query()).toBeNull();
});

test('says why a server was not added, and keeps what was entered', async () => {
	world.http.down = true;
	await address.fill(world.url);
	await page.getByRole('button', { name: 'Add server' }).click();
	await expect.element(page.getByRole('alert')).toMatchTextContent('does not answer');
	await expect.element(page.getByRole('alert')).toMatchTextContent('(CORS)');
	await expect.element(address).toHaveValue(world.url);
});

test('a model is chosen for chat, and its context can be set', async () => {
	await add();
	await item.getByRole('checkbox', { name: 'Chat with tiny-chat:1b' }).click();
	const context = item.getByRole('spinbutton', { name: 'Context of tiny-chat:1b, in tokens' });
	await expect.element(context).toHaveValue(4096);
	await context.fill('8192');
	await userEvent.tab();
	await expect.poll(() => servers.list[0]?.models[0]?.contextTokens).toBe(8192);
});

test('a model that cannot embed is not shown as chosen for it', async () => {
	await add();
	world.does.fault = () => ({ kind: 'reply', status: 501, body: '{"error":"no embeddings"}' });
	const box = item.getByRole('checkbox', { name: 'Embedding with tiny-chat:1b' });
	await box.click();
	await expect.element(page.getByRole('alert')).toMatchTextContent('no embeddings');
	await expect.element(box).not.toBeChecked();
});

test('a model that is needed stays chosen, and the reason is told', async () => {
	await add();
	const box = item.getByRole('checkbox', { name: 'Chat with tiny-chat:1b' });
	await box.click();
	await expect.element(box).toBeChecked();
	world.users = ['your chats'];
	await box.click();
	await expect.element(page.getByRole('alert')).toMatchTextContent('in use by your chats');
	await expect.element(box).toBeChecked();
	await item.getByRole('button', { name: 'Remove' }).click();
	await expect.element(page.getByRole('alert')).toMatchTextContent('in use by your chats');
	await expect.element(item).toBeVisible();
});

test('a server is tried again, gets another key, and is removed', async () => {
	await add();
	await item.getByRole('button', { name: 'Test' }).click();
	await expect.element(status).toMatchTextContent('My server answers');
	world.does.key = 'sk-new';
	await item.getByText('Change the key').click();
	await item.getByLabelText('New key').fill('sk-new');
	await item.getByRole('button', { name: 'Save key' }).click();
	await expect.element(status).toMatchTextContent('accepts the key');
	await item.getByRole('button', { name: 'Remove' }).click();
	await expect.element(status).toMatchTextContent('Nothing is sent there any more');
	await expect.poll(() => list.query()).toBeNull();
	await expect.element(address).toHaveFocus();
});

test('warns where everyone on the way can read along', async () => {
	await add();
	await expect.element(item).not.toMatchTextContent('not encrypted');
	const [row] = await world.records.list(remoteServerStore);
	const open = { ...row!, url: 'http://models.example.org/v1' };
	await world.records.commit([write.put(remoteServerStore, open)]);
	await servers.load();
	await expect.element(item).toMatchTextContent('not encrypted');
});
