import { createRawSnippet } from 'svelte';
import { expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import ExternalLink from './ExternalLink.svelte';

test('opens elsewhere, says so, and tells the other page nothing', async () => {
	await render(ExternalLink, {
		href: 'https://example.org/licence',
		children: createRawSnippet(() => ({ render: () => '<span>Apache-2.0</span>' }))
	});
	const link = page.getByRole('link', { name: 'Apache-2.0 (opens in a new tab)' });
	await expect.element(link).toHaveAttribute('href', 'https://example.org/licence');
	await expect.element(link).toHaveAttribute('target', '_blank');
	await expect.element(link).toHaveAttribute('rel', 'noopener noreferrer');
});
