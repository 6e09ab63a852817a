import { describe, expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import StepList from './StepList.svelte';

const labels = ['Choose', 'Options', 'Backup', 'Review', 'Upgrade'];

describe('StepList', () => {
	test('lists all steps and marks the one that is shown', async () => {
		await render(StepList, { labels, current: 3 });
		const steps = page.getByRole('list', { name: 'Steps' }).getByRole('listitem').elements();
		expect(steps.map((step) => step.getAttribute('aria-current'))).toEqual([
			null,
			null,
			'step',
			null,
			null
		]);
		expect(steps[2]?.textContent).toContain('Backup');
	});

	test('says which steps are done, for those who do not see the tick', async () => {
		await render(StepList, { labels, current: 2 });
		const steps = page.getByRole('listitem');
		await expect.element(steps.first()).toHaveTextContent('Choose, done');
		await expect.element(steps.nth(1)).toHaveTextContent('2 Options');
	});

	test('moves the mark', async () => {
		const { rerender } = await render(StepList, { labels, current: 1 });
		await rerender({ current: 5 });
		await expect.element(page.getByRole('listitem').last()).toHaveAttribute('aria-current', 'step');
		expect(document.querySelectorAll('[aria-current]')).toHaveLength(1);
	});
});
