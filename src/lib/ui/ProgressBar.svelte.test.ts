import { describe, expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import ProgressBar from './ProgressBar.svelte';

const bar = page.getByRole('progressbar', { name: 'Upgrade progress' });
const progress = (): HTMLProgressElement => bar.element() as HTMLProgressElement;

describe('ProgressBar', () => {
	test('has a name, a value and a text for the value', async () => {
		await render(ProgressBar, {
			label: 'Upgrade progress',
			value: 0.25,
			text: '25 of 100 passages'
		});
		expect(progress().value).toBe(0.25);
		await expect.element(bar).toHaveAttribute('aria-valuetext', '25 of 100 passages');
		await expect.element(page.getByText('25 of 100 passages')).toBeVisible();
	});

	test('reads percent where there is no text', async () => {
		await render(ProgressBar, { label: 'Upgrade progress', value: 0.421, showLabel: true });
		await expect.element(bar).toHaveAttribute('aria-valuetext', '42%');
		await expect.element(page.getByText('42%')).toBeVisible();
	});

	test('claims no value while it is not known how much there is', async () => {
		const { rerender } = await render(ProgressBar, { label: 'Upgrade progress', value: null });
		expect(progress().position).toBe(-1);
		await rerender({ value: 0.5 });
		expect(progress().position).toBe(0.5);
		await rerender({ value: null });
		expect(progress().position).toBe(-1);
	});

	test('keeps a value that is out of bounds within them', async () => {
		const { rerender } = await render(ProgressBar, { label: 'Upgrade progress', value: 1.2 });
		expect(progress().value).toBe(1);
		await rerender({ value: -0.1 });
		expect(progress().value).toBe(0);
	});
});
