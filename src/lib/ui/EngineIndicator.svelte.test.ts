import { createRawSnippet } from 'svelte';
import { describe, expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import EngineIndicator from './EngineIndicator.svelte';
import type { EngineState } from './engine-state.ts';

const status = page.getByRole('status', { name: 'Engine' });
const props = { name: 'Starter 2', state: 'ready', href: '/memory/engines' } as const;

describe('EngineIndicator', () => {
	test.for<EngineState>(['ready', 'loading', 'trial', 'upgrading', 'degraded'])(
		'names the engine and that it is %s',
		async (state) => {
			await render(EngineIndicator, { ...props, state });
			await expect.element(status).toHaveTextContent(`Starter 2 ${state}`);
		}
	);

	test('says plainly when something leaves this device, on a small screen too', async () => {
		const { rerender } = await render(EngineIndicator, props);
		await expect.element(status).not.toMatchTextContent('leaves this device');
		await rerender({ ...props, leavesDevice: true });
		await page.viewport(390, 844);
		await expect.element(status.getByText('leaves this device')).toBeVisible();
		await page.viewport(1280, 800);
	});

	test('tells how many adapters it answers with, and says it where there is room for a number only', async () => {
		const { rerender } = await render(EngineIndicator, { ...props, adapters: 2 });
		await expect.element(status).toHaveTextContent('Starter 2 + 2 adapters ready');
		await page.viewport(390, 844);
		await expect.element(status.getByRole('link')).toHaveAccessibleName(/\+ 2 adapters/);
		expect(status.getByText('adapters').element().getBoundingClientRect().width).toBeLessThan(2);
		await page.viewport(1280, 800);
		await rerender({ ...props, adapters: 1 });
		await expect.element(status).toHaveTextContent('Starter 2 + 1 adapter ready');
		await rerender({ ...props, adapters: 0 });
		await expect.element(status).toHaveTextContent('Starter 2 ready');
	});

	test('leads to Core Engines', async () => {
		await render(EngineIndicator, props);
		await expect.element(status.getByRole('link')).toHaveAttribute('href', '/memory/engines');
	});

	test('shows the choice of a trial and nothing else that could be pressed', async () => {
		const { rerender } = await render(EngineIndicator, props);
		expect(status.getByRole('button').elements()).toHaveLength(0);
		const actions = createRawSnippet(() => ({
			render: () => '<span><button>Keep</button><button>Undo</button></span>'
		}));
		await rerender({ ...props, state: 'trial', detail: 'until 29 Nov', actions });
		await expect.element(status.getByRole('button', { name: 'Keep' })).toBeVisible();
		await expect.element(status.getByRole('button', { name: 'Undo' })).toBeVisible();
		await expect
			.element(status.getByRole('link'))
			.toHaveTextContent('Starter 2 trial until 29 Nov');
	});
});
