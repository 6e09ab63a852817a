import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { page } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import type { ModelListing, ModelState } from '$lib/library/library-api.ts';
import { enginesViewOf } from '$lib/testing/engines-view-of.ts';
import { FakeModelLibrary } from '$lib/testing/fake-model-library.ts';
import { frozenModelOf, listingOf } from '$lib/testing/listing-of.ts';
import ModelItem from './ModelItem.svelte';

let library: FakeModelLibrary;
const asked = { ondownload: vi.fn(), ondelete: vi.fn(), onfreespace: vi.fn() };

beforeEach(() => {
	library = new FakeModelLibrary();
	vi.clearAllMocks();
	vi.stubGlobal('showDirectoryPicker', async () => ({ name: 'models' }));
});

afterEach(() => {
	vi.unstubAllGlobals();
});

type Answers = Parameters<typeof enginesViewOf>[1];
interface Named {
	readonly users?: string[];
	readonly adapters?: string[];
}

async function show(
	changes: Partial<ModelListing>,
	{ users = [], adapters = [], ...answers }: Answers & Named = {}
) {
	const plain = listingOf('Tiny BERT', changes);
	const listing = { ...plain, frozen: changes.frozen ?? frozenModelOf(plain) };
	if (!library.models.includes(listing)) library.models.unshift(listing);
	const engines = await enginesViewOf(library, answers);
	await render(ModelItem, { listing, engines, users, adapters, ready: true, ...asked });
	return { engines, listing };
}

const at = (state: ModelState): Partial<ModelListing> => ({ state });
const installed: ModelState = { at: 'installed', bytes: 9e6, installedAt: 1, verifiedAt: 1 };
const paused: ModelState = {
	at: 'paused',
	done: 1e6,
	total: 9e6,
	damagedBytes: 0,
	error: null
};
const stopped = (code: 'library/no-room' | 'add/files-needed'): ModelState => ({
	...paused,
	error: { code, message: 'It needs more.', advice: 'Give it more.' }
});

const buttons = (): string[] =>
	page
		.getByRole('button')
		.elements()
		.map((button) => button.textContent.trim());
const item = page.getByRole('listitem');

describe('the buttons of a model', () => {
	test.for([
		['available', { at: 'available' }, ['Download']],
		['queued', { at: 'queued', done: 0, total: 9, waitsFor: 'turn', place: 1 }, ['Pause']],
		['downloading', { at: 'downloading', done: 1, total: 9, bytesPerSecond: null }, ['Pause']],
		['verifying', { at: 'verifying', done: 1, total: 9 }, ['Pause']],
		['paused', paused, ['Resume', 'Delete']],
		['damaged', { ...paused, damagedBytes: 1e6 }, ['Repair', 'Delete']],
		['out of room', stopped('library/no-room'), ['Resume', 'Free space…', 'Delete']],
		['out of files', stopped('add/files-needed'), ['Choose folder…', 'Delete']],
		['installed', installed, ['Verify', 'Measure', 'Export…', 'Delete']],
		['built in', { at: 'built-in' }, ['Measure']],
		['on a server', { at: 'remote', origin: 'http://localhost:11434' }, ['Measure']]
	] satisfies [string, ModelState, string[]][])('that is %s', async ([, state, names]) => {
		await show(at(state));
		expect(buttons()).toEqual(names);
	});

	test('a model on a server says plainly that what it is given leaves this device', async () => {
		await show(at({ at: 'remote', origin: 'http://localhost:11434' }));
		await expect.element(item).toMatchTextContent('leaves this device');
		await expect.element(item).not.toMatchTextContent('fits');
	});

	test('there is no Download without an engine for it, but the reason', async () => {
		const reason = 'This version of SAM has no engine for it.';
		const entry = listingOf('Tiny BERT', { entry: { engine: 'other' } }).entry;
		await show({ entry }, { fit: { verdict: 'wont-fit', reason } });
		expect(buttons()).toEqual([]);
		await expect.element(item).toMatchTextContent(reason);
	});

	test('there is no Export… where the browser has no folders, and Details says so', async () => {
		vi.stubGlobal('showDirectoryPicker', undefined);
		await show(at(installed));
		expect(buttons()).not.toContain('Export…');
		await page.getByText('Details').click();
		await expect.element(item).toMatchTextContent('cannot be exported here');
	});

	test('all are named after their model for those who do not see it', async () => {
		await show(at(installed));
		await expect
			.element(page.getByRole('button', { name: 'Verify' }))
			.toHaveAccessibleDescription('Tiny BERT');
	});
});

test('a model that answers with adapters names them, and leads to their page', async () => {
	await show(at(installed), { users: ['your chats'], adapters: ['Pirate', 'Poet'] });
	await expect.element(item).toMatchTextContent('Answers with the adapters “Pirate” and “Poet”.');
	await expect
		.element(item.getByRole('link', { name: 'adapters' }))
		.toHaveAttribute('href', '/tuner');
});

test('a model without adapters says nothing of them', async () => {
	await show(at(installed), { users: ['your chats'] });
	await expect.element(item).not.toMatchTextContent('Answers with');
});

describe('what a button does', () => {
	test('Download and Delete ask the page', async () => {
		await show(at({ at: 'available' }));
		await page.getByRole('button', { name: 'Download' }).click();
		expect(asked.ondownload).toHaveBeenCalledOnce();
	});

	test.for([
		['Repair', { ...paused, damagedBytes: 5 }, 'install'],
		['Resume', paused, 'install'],
		['Verify', installed, 'verify'],
		['Pause', { at: 'downloading', done: 1, total: 9, bytesPerSecond: null }, 'pause']
	] satisfies [string, ModelState, string][])('%s', async ([name, state, told]) => {
		const { listing } = await show(at(state));
		await page.getByRole('button', { name }).click();
		expect(library.told).toEqual([`${told} ${listing.id}`]);
	});

	test('Export… writes into the folder that was chosen', async () => {
		const { listing } = await show(at(installed));
		await page.getByRole('button', { name: 'Export…' }).click();
		await expect.poll(() => library.told).toEqual([`export ${listing.id} to models`]);
	});

	test('Measure shows what it is doing, and can be stopped', async () => {
		await show(at(installed));
		await page.getByRole('button', { name: 'Measure' }).click();
		await expect
			.element(page.getByRole('progressbar', { name: 'Measuring Tiny BERT' }))
			.toHaveAttribute('aria-valuetext', 'Loading…');
		await page.getByRole('button', { name: 'Stop measuring' }).click();
		await expect.element(page.getByRole('button', { name: 'Measure' })).toBeVisible();
	});

	test('Earlier and Later are there only where there is a place to change to', async () => {
		const waiting = (name: string, place: number): ModelListing =>
			listingOf(name, { state: { at: 'queued', done: 0, total: 9, waitsFor: 'turn', place } });
		library.models = [waiting('First', 1), waiting('Third', 3)];
		const { listing } = await show(waiting('Second', 2));
		await expect.element(item).toMatchTextContent('Waits for its turn, number 2 of 3.');
		await page.getByRole('button', { name: 'Earlier' }).click();
		await page.getByRole('button', { name: 'Later' }).click();
		expect(library.told).toEqual([`move ${listing.id} earlier`, `move ${listing.id} later`]);
	});
});

describe('what a model tells', () => {
	test('its licence and source, with the commit', async () => {
		await show({});
		await expect
			.element(page.getByRole('link', { name: /tests\/tiny-bert/ }))
			.toHaveAttribute(
				'href',
				'https://huggingface.co/tests/tiny-bert/tree/0123456789abcdef0123456789abcdef01234567'
			);
		await expect
			.element(page.getByText('0123456789ab', { exact: true }))
			.toHaveAttribute('title', '0123456789abcdef0123456789abcdef01234567');
	});

	test('how far its download is', async () => {
		await show(at({ at: 'downloading', done: 5e8, total: 2e9, bytesPerSecond: 1e7 }));
		await expect
			.element(page.getByRole('progressbar', { name: 'Downloading Tiny BERT' }))
			.toHaveAttribute('aria-valuetext', '500 MB of 2.0 GB, 10.0 MB/s, about 3 minutes left');
	});

	test('why it stopped, and what to do', async () => {
		await show(at(stopped('library/no-room')));
		await expect.element(item).toMatchTextContent('It needs more. Give it more.');
	});

	test('how much of it is damaged', async () => {
		await show(at({ ...paused, damagedBytes: 1.6e6 }));
		await expect.element(item).toMatchTextContent('1.6 MB of 9.0 MB are gone or damaged.');
		await expect.element(page.getByText('damaged', { exact: true })).toBeVisible();
	});

	test('who needs it, which is why it cannot be deleted', async () => {
		await show(at(installed), { users: ['your chats'] });
		await expect.element(item).toMatchTextContent('Used by your chats; it can be deleted when');
		await expect.element(page.getByRole('button', { name: 'Delete' })).toBeDisabled();
	});

	test('a reason not to take it, at once', async () => {
		await show({}, { fit: { verdict: 'tight', reason: 'Expect it to be slow.' } });
		await expect.element(page.getByText('tight', { exact: true })).toBeVisible();
		await expect.element(item).toMatchTextContent('Expect it to be slow.');
	});

	test('how fast it is here', async () => {
		const model = listingOf('Tiny BERT').id;
		await show(at(installed), {
			measured: {
				...{ model, at: 0, device: 'webgpu', loadMs: 1200 },
				...{ firstTokenMs: null, tokensPerSecond: null, textsPerSecond: 180 }
			}
		});
		await expect.element(item).toMatchTextContent('Here: load 1.2 s · 180 texts/s');
		await page.getByText('Details').click();
		await expect.element(item).toMatchTextContent('on the GPU');
	});

	test('its files only when asked for', async () => {
		await show(at(installed));
		const files = page.getByRole('table', { name: 'Files of Tiny BERT' });
		expect(files.query()).toBeNull();
		await page.getByText('Details').click();
		await expect.element(files).toMatchTextContent('onnx/model.onnx');
		await expect.element(page.getByText('abababababab…')).toHaveAttribute('title', 'ab'.repeat(32));
	});
});
