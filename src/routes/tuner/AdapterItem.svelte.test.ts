import { beforeEach, describe, expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import type { AdapterRow } from '$lib/adapters/adapter-records.ts';
import type { AppMessage } from '$lib/app/app-message.ts';
import { ChangeFeed } from '$lib/app/change-feed.ts';
import { TunerView } from '$lib/app/views/tuner-view.svelte.ts';
import { adapterRow } from '$lib/testing/adapter-row.ts';
import { AdaptersWorld } from '$lib/testing/adapters-world.ts';
import { MemoryTabHub } from '$lib/testing/memory-tab-channel.ts';
import AdapterItem from './AdapterItem.svelte';

let world: AdaptersWorld;
let tuner: TunerView;
const asks = { ontry: vi.fn(), onexport: vi.fn(), onremove: vi.fn() };

const item = page.getByRole('listitem', { name: 'bees' });
const onSwitch = item.getByRole('switch', { name: 'On: bees' });
const slider = item.getByRole('slider', { name: 'Strength of bees' });
const button = (name: string) => item.getByRole('button', { name, exact: true });

/** Shown as on the page: with what was read last. */
async function show(parts: Partial<AdapterRow> = {}, ready = true): Promise<void> {
	world = await new AdaptersWorld().start([adapterRow('bees', parts)]);
	const feed = new ChangeFeed(new MemoryTabHub<AppMessage>().join());
	tuner = new TunerView({
		adapters: () => Promise.resolve(world.open()),
		...{ feed, clock: { sleep: () => Promise.resolve() } }
	});
	await tuner.refresh();
	const props = {
		...{ tuner, ready, now: 61_000, ...asks },
		get adapter() {
			return tuner.list![0]!;
		}
	};
	await render(AdapterItem, { props });
}

beforeEach(() => vi.clearAllMocks());

test('tells what it is, what it was made for, and where it stands, in words', async () => {
	await show();
	for (const words of [
		'off',
		'It fits Scripted 1.',
		'For Scripted 1 (tests/scripted) · rank 4 · 2 modules · 1.0 KB',
		'Added 1 minute ago from bees-folder'
	]) {
		await expect.element(item).toMatchTextContent(words);
	}
	await expect.element(onSwitch).not.toBeChecked();
	await expect.element(slider).toHaveValue('1');
});

test('one that adds nothing but zero is marked', async () => {
	await show({ isZero: true });
	await expect.element(item).toMatchTextContent('all zero');
});

describe('the switch', () => {
	test('turns it on and off, and the state follows', async () => {
		await show();
		await onSwitch.click();
		await expect.element(item).toMatchTextContent('active');
		await expect.element(item).toMatchTextContent('Scripted 1 answers with it.');
		expect(await world.on()).toHaveLength(1);
		await onSwitch.click();
		await expect.element(item).toMatchTextContent('It fits Scripted 1.');
		expect(await world.on()).toEqual([]);
	});

	test('is where it was when that was refused', async () => {
		await show();
		world.upgrading = true;
		await onSwitch.click();
		await expect.poll(() => tuner.notices.error?.code).toBe('adapter/upgrading');
		await expect.element(onSwitch).not.toBeChecked();
	});

	test('works with the keyboard alone', async () => {
		await show();
		(onSwitch.element() as HTMLElement).focus();
		await userEvent.keyboard(' ');
		await expect.element(item).toMatchTextContent('active');
	});
});

describe('the slider', () => {
	test('goes in steps of 0.05 with the keyboard, and shows its value', async () => {
		await show();
		(slider.element() as HTMLElement).focus();
		await userEvent.keyboard('{ArrowRight}{ArrowRight}');
		await expect.element(item).toMatchTextContent('1.10');
		await expect.poll(async () => (await world.store.list())[0]?.strength).toBeCloseTo(1.1);
	});

	test('goes back to 1 at the push of a button, and keeps the focus', async () => {
		await show({ strength: 0.5 });
		await button('Reset to 1, strength of bees').click();
		await expect.element(slider).toHaveValue('1');
		await expect.element(slider).toHaveFocus();
		await expect.element(button('Reset to 1, strength of bees')).not.toBeInTheDocument();
	});
});

describe('a check', () => {
	test('tells how much found its place', async () => {
		await show({ base: { name: '', identity: null, model: null } });
		await expect.element(item).toMatchTextContent('needs check');
		await button('Check').click();
		await expect.element(item).toMatchTextContent('works, matched 2 of 2 modules');
	});

	test('is not offered where the engine takes no adapters; switching on for later is', async () => {
		await show();
		world.support = { ok: false, reason: 'it has no weights', instead: 'Upgrade.' };
		world.verdict = () => ({ state: 'no', reason: 'It has no weights.' });
		await tuner.refresh();
		await expect.element(item).toMatchTextContent('inactive');
		await expect.element(button('Check')).toBeDisabled();
		await expect.element(button('Try')).not.toBeInTheDocument();
		await onSwitch.click();
		await expect.element(item).toMatchTextContent('comes on again by itself when Scripted 1');
		await expect.element(onSwitch).toBeChecked();
	});
});

describe('its name', () => {
	test('is changed in place, and the focus goes back to it', async () => {
		await show();
		await button('Rename').click();
		const field = item.getByRole('textbox', { name: 'New name' });
		await expect.element(field).toHaveFocus();
		await field.fill('Honey');
		await userEvent.keyboard('{Enter}');
		const renamed = page.getByRole('heading', { name: 'Honey' });
		await expect.element(renamed).toHaveFocus();
	});

	test('stays when that is given up', async () => {
		await show();
		await button('Rename').click();
		await userEvent.keyboard('x{Escape}');
		await expect.element(page.getByRole('heading', { name: 'bees' })).toHaveFocus();
		await expect.element(item.getByRole('textbox')).not.toBeInTheDocument();
	});
});

test('one that is needed cannot be removed, and says what needs it', async () => {
	await show();
	await button('Remove').click();
	expect(asks.onremove).toHaveBeenCalledOnce();
	await onSwitch.click();
	await expect
		.element(item)
		.toMatchTextContent('Needed by your chats. Switch it off before you remove it.');
	await expect.element(button('Remove')).toBeDisabled();
});

test('a tab that only follows shows everything and changes nothing', async () => {
	await show({}, false);
	await expect.element(onSwitch).toBeDisabled();
	await expect.element(slider).toBeDisabled();
	for (const name of ['Check', 'Rename', 'Remove', 'Try']) {
		await expect.element(button(name)).toBeDisabled();
	}
	await button('Export').click();
	expect(asks.onexport).toHaveBeenCalledOnce();
});
