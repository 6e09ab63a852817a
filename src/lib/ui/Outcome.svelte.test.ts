import { beforeEach, expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import Outcome from './Outcome.svelte';

const ondismiss = vi.fn<() => void>();
const nothing = { text: '', error: null, ondismiss };
const status = page.getByRole('status');
const dismiss = page.getByRole('button', { name: 'Dismiss' });

beforeEach(() => ondismiss.mockReset());

test('takes no room while there is nothing to tell, and is there to be listened to', async () => {
	const { container } = await render(Outcome, nothing);
	await expect.element(status).toBeInTheDocument();
	expect(container.querySelector('.outcome')?.getBoundingClientRect().height).toBe(0);
	await expect.element(dismiss).not.toBeInTheDocument();
});

test('tells what came of an action until that is dismissed, and keeps the focus', async () => {
	const { rerender } = await render(Outcome, nothing);
	ondismiss.mockImplementation(() => void rerender(nothing));
	await rerender({ ...nothing, text: 'Pirate is exported.' });
	await expect.element(status).toHaveTextContent('Pirate is exported.');
	(dismiss.element() as HTMLElement).focus();
	await userEvent.keyboard('{Enter}');
	expect(ondismiss).toHaveBeenCalledOnce();
	await expect.element(dismiss).not.toBeInTheDocument();
	await expect.element(status).toHaveFocus();
});

test('what is under way cannot be dismissed', async () => {
	await render(Outcome, { ...nothing, text: 'Loading…', underWay: true });
	await expect.element(status).toHaveTextContent('Loading…');
	await expect.element(dismiss).not.toBeInTheDocument();
});

test('an error is told at once, with what to do', async () => {
	const { rerender } = await render(Outcome, nothing);
	await rerender({ ...nothing, error: { message: 'It is damaged.', advice: 'Add it again.' } });
	await expect.element(page.getByRole('alert')).toMatchTextContent('It is damaged. Add it again.');
	await dismiss.click();
	expect(ondismiss).toHaveBeenCalledOnce();
});
