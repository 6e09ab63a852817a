import { createRawSnippet } from 'svelte';
import { describe, expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import ChatLog from './ChatLog.svelte';

const log = page.getByRole('log', { name: 'Conversation' });

/** A log of 200 pixels with content that can be made longer, as an answer that streams in. */
async function setup(busy = false) {
	const children = createRawSnippet(() => ({ render: () => '<div id="content"></div>' }));
	const screen = await render(ChatLog, { busy, children });
	const frame = log.element().parentElement!;
	frame.style.height = '200px';
	const grow = (pixels: number): void => {
		document.querySelector<HTMLElement>('#content')!.style.height = `${pixels}px`;
	};
	const fromEnd = (): number => {
		const { scrollHeight, scrollTop, clientHeight } = log.element();
		return scrollHeight - scrollTop - clientHeight;
	};
	return { ...screen, grow, fromEnd };
}

describe('ChatLog', () => {
	test('follows an answer as it grows', async () => {
		const { grow, fromEnd } = await setup();
		grow(1000);
		await expect.poll(fromEnd).toBeLessThan(2);
		grow(3000);
		await expect.poll(() => log.element().scrollHeight).toBeGreaterThan(2900);
		await expect.poll(fromEnd).toBeLessThan(2);
	});

	test('stays where the user scrolled to, and offers the way back', async () => {
		const { grow, fromEnd } = await setup();
		grow(1000);
		await expect.poll(fromEnd).toBeLessThan(2);
		log.element().scrollTop = 0;
		const latest = page.getByRole('button', { name: 'Latest' });
		await expect.element(latest).toBeVisible();
		grow(2000);
		await expect.poll(() => log.element().scrollHeight).toBeGreaterThan(1900);
		expect(log.element().scrollTop).toBe(0);
		await latest.click();
		await expect.poll(fromEnd).toBeLessThan(2);
		await expect.poll(() => latest.query()).toBeNull();
	});

	test('says that it is busy, so that a message is announced once and whole', async () => {
		const { rerender } = await setup(true);
		await expect.element(log).toHaveAttribute('aria-busy', 'true');
		await rerender({ busy: false });
		await expect.element(log).toHaveAttribute('aria-busy', 'false');
	});

	test('can be reached and scrolled with the keyboard', async () => {
		await setup();
		log.element().focus();
		await expect.element(log).toHaveFocus();
	});
});
