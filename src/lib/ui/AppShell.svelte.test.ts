import { createRawSnippet } from 'svelte';
import { describe, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import AppShell from './AppShell.svelte';

const main = page.getByRole('navigation', { name: 'Main' });
const children = createRawSnippet(() => ({ render: () => '<h1>Page</h1>' }));

describe('AppShell', () => {
	test('has the links of the app, below its base path', async () => {
		await render(AppShell, { path: '/', href: (path: string) => `/base${path}`, children });
		const links = main.getByRole('link').elements();
		expect(links.map((link) => [link.textContent.trim(), link.getAttribute('href')])).toEqual([
			['Chat', '/base/'],
			['Memory', '/base/memory/knowledge'],
			['Tuner', '/base/tuner'],
			['Settings', '/base/settings'],
			['Help', '/base/help']
		]);
	});

	test('marks the part of the app that is shown', async () => {
		const { rerender } = await render(AppShell, { path: '/memory/engines', children });
		const current = (): (string | undefined)[] =>
			[...main.element().querySelectorAll('[aria-current="page"]')].map((link) =>
				link.textContent.trim()
			);
		expect(current()).toEqual(['Memory']);
		await rerender({ path: '/' });
		expect(current()).toEqual(['Chat']);
	});

	test('lets keyboard users skip the navigation', async () => {
		await render(AppShell, { path: '/', children });
		await userEvent.tab();
		const skip = page.getByRole('link', { name: 'Skip to content' });
		await expect.element(skip).toHaveFocus();
		await expect.element(skip).toHaveAttribute('href', '#main');
		await expect.element(page.getByRole('main')).toHaveAttribute('id', 'main');
	});
});
