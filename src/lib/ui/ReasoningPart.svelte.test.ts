import { describe, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import ReasoningPart from './ReasoningPart.svelte';

const part = page.getByRole('group', { name: 'Reasoning' });
const text = 'Two and two.\n  <b>That</b> is **four**.';

describe('ReasoningPart', () => {
	test('is folded, and says how long it took', async () => {
		await render(ReasoningPart, { text, ms: 4200 });
		await expect.element(part.getByText('Reasoned for 4 s')).toBeVisible();
		await expect.element(part.getByText(/^Two and two/)).not.toBeVisible();
	});

	test('unfolds with the keyboard, and folds again', async () => {
		await render(ReasoningPart, { text, ms: 4200 });
		await userEvent.keyboard('{Tab}{Enter}');
		await expect.element(part.getByText(/^Two and two/)).toBeVisible();
		await userEvent.keyboard('{Enter}');
		await expect.element(part.getByText(/^Two and two/)).not.toBeVisible();
	});

	test('shows the text as it was written, and no markup of it', async () => {
		await render(ReasoningPart, { text, ms: 4200 });
		await part.getByText(/^Reasoned for/).click();
		const shown = part.getByText(/^Two and two/).element();
		expect(shown.textContent).toBe(text);
		expect(shown.childElementCount).toBe(0);
		expect(getComputedStyle(shown).whiteSpaceCollapse).toBe('preserve');
	});

	test('stays as it is while it is being written, and announces none of its words', async () => {
		const { rerender } = await render(ReasoningPart, { text: 'Two', ms: null, active: true });
		await expect.element(part.getByText('Reasoning…')).toBeVisible();
		await expect.element(part.getByText(/^Two/)).not.toBeVisible();
		await part.getByText('Reasoning…').click();
		await rerender({ text: 'Two and two.' });
		await expect.element(part.getByText(/^Two and two/)).toBeVisible();
		expect(liveOf(part.getByText(/^Two and two/).element())).toBe('off');
		await rerender({ ms: 1200, active: false });
		await expect.element(part.getByText(/^Two and two/)).toBeVisible();
		expect(liveOf(part.getByText('Reasoned for 1 s').element())).toBe('polite');
	});

	test('says when it was cut off', async () => {
		await render(ReasoningPart, { text, ms: null });
		await expect.element(part.getByText('Reasoning, cut off')).toBeVisible();
	});
});

function liveOf(element: Element): string | null {
	return element.closest('[aria-live]')?.getAttribute('aria-live') ?? null;
}
