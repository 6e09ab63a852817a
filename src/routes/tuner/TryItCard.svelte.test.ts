import { beforeEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import type { ListedAdapter } from '$lib/app/adapters.ts';
import type { TryEvent } from '$lib/app/try-beside.ts';
import { TryItView } from '$lib/app/views/try-it-view.svelte.ts';
import { AppError } from '$lib/core/errors.ts';
import { adapterRow } from '$lib/testing/adapter-row.ts';
import { AdaptersWorld } from '$lib/testing/adapters-world.ts';
import TryItCard from './TryItCard.svelte';

let world: AdaptersWorld;
let tryIt: TryItView;

const prompt = page.getByRole('textbox', { name: 'Prompt' });
const compare = page.getByRole('button', { name: 'Compare' });
const status = page.getByRole('status');
const base = page.getByRole('region', { name: 'Base model' });
const adapted = page.getByRole('region', { name: 'With adapters' });

const answers: readonly TryEvent[] = [
	{ type: 'loading', side: 'base' },
	{ type: 'writing', side: 'base' },
	{ type: 'text', side: 'base', text: 'A bee.' },
	{ type: 'end', side: 'base', matches: [] },
	{ type: 'loading', side: 'adapted' },
	{ type: 'writing', side: 'adapted' },
	{ type: 'text', side: 'adapted', text: 'Bzzz.' },
	{ type: 'end', side: 'adapted', matches: [] }
];

beforeEach(async () => {
	world = await new AdaptersWorld().start([
		adapterRow('bees', { addedAt: 2000, strength: 0.5 }),
		adapterRow('wasps')
	]);
	world.events = answers;
	const adapters = world.open();
	const list: readonly ListedAdapter[] = await adapters.list();
	tryIt = new TryItView({ adapters: () => Promise.resolve(adapters), list: () => list });
	await render(TryItCard, { tryIt, engine: 'Scripted 1', ready: true });
});

test('both answers stand side by side, each with what it was written with', async () => {
	await expect.element(compare).toBeDisabled();
	await prompt.fill('What is honey?');
	await compare.click();
	await expect.element(base).toMatchTextContent('A bee.');
	await expect.element(base).toMatchTextContent('Scripted 1');
	await expect.element(adapted).toMatchTextContent('Bzzz.');
	await expect.element(adapted).toMatchTextContent('bees at 0.50');
	await expect.element(status).toHaveTextContent('Both answers are there, and they differ.');
});

test('a column is busy while it is written, and nothing is said before both are done', async () => {
	const gate = Promise.withResolvers<null>();
	let left = 2;
	world.pause = async () => {
		if (left-- === 0) await gate.promise;
	};
	await prompt.fill('What is honey?');
	await compare.click();
	await expect.element(base).toHaveAttribute('aria-busy', 'true');
	await expect.element(adapted).toHaveAttribute('aria-busy', 'false');
	await expect.element(adapted).toMatchTextContent('Waits for its turn.');
	await expect.element(page.getByRole('button', { name: 'Stop' })).toBeEnabled();
	expect(status.element().textContent).toBe('');
	gate.resolve(null);
	await expect.element(status).toMatchTextContent('Both answers');
	await expect.element(base).toHaveAttribute('aria-busy', 'false');
});

test('adapters and their strengths are chosen for the comparison alone', async () => {
	await page.getByRole('checkbox', { name: 'wasps' }).click();
	await page.getByRole('checkbox', { name: 'bees' }).click();
	const slider = page.getByRole('slider', { name: 'Strength of wasps to try' });
	(slider.element() as HTMLElement).focus();
	await userEvent.keyboard('{End}');
	await prompt.fill('What is honey?');
	await compare.click();
	await expect.element(adapted).toMatchTextContent('wasps at 2.00');
	expect(world.compared[0]?.adapters).toEqual([{ adapter: 'wasps', strength: 2 }]);
	expect((await world.store.list()).map(({ strength }) => strength)).toEqual([0.5, 1]);
});

test('what goes wrong is said, with what to do, and what is there stays', async () => {
	world.events = [...answers.slice(0, 5), new AppError('engine/device-lost')];
	await prompt.fill('What is honey?');
	await compare.click();
	await expect.element(page.getByRole('alert')).toBeVisible();
	await expect.element(base).toMatchTextContent('A bee.');
	await expect.element(adapted).toMatchTextContent('Stopped.');
	await expect.element(compare).toBeEnabled();
});

test('the button that starts a comparison stops it, and keeps the focus throughout', async () => {
	const never = Promise.withResolvers<undefined>();
	world.pause = () => never.promise;
	await prompt.fill('What is honey?');
	(compare.element() as HTMLElement).focus();
	await userEvent.keyboard('{Enter}');
	const stop = page.getByRole('button', { name: 'Stop' });
	await expect.element(stop).toHaveFocus();
	await userEvent.keyboard('{Enter}');
	never.resolve(undefined);
	await expect.element(compare).toHaveFocus();
});

test('the keyboard alone is enough', async () => {
	await prompt.click();
	await userEvent.keyboard('What is honey?');
	// Past the adapters and the strength of the picked one, with its reset.
	(compare.element() as HTMLElement).focus();
	await userEvent.keyboard('{Enter}');
	await expect.element(adapted).toMatchTextContent('Bzzz.');
});
