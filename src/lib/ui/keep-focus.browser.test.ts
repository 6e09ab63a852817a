import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { keepFocus } from './keep-focus.ts';

let container: HTMLElement;
let stop: (() => void) | undefined;

const button = (name: string): HTMLButtonElement => {
	const found = document.querySelector<HTMLButtonElement>(`[name="${name}"]`);
	if (!found) throw new Error(`There is no button ${name}.`);
	return found;
};
const frames = async (): Promise<void> => {
	for (let i = 0; i < 3; i += 1) {
		await new Promise((resolve) => requestAnimationFrame(resolve));
	}
};

beforeEach(() => {
	document.body.innerHTML =
		'<div><button name="keep"></button><button name="undo"></button></div><button name="outside"></button>';
	container = document.querySelector('div') ?? document.body;
	stop =
		keepFocus(() => document.querySelector<HTMLElement>('[name="undo"]'))(container) ?? undefined;
});

afterEach(() => {
	stop?.();
	document.body.innerHTML = '';
});

describe('keepFocus', () => {
	test('moves the focus on when the focused element is removed', async () => {
		button('keep').focus();
		button('keep').remove();
		await expect.poll(() => document.activeElement).toBe(button('undo'));
	});

	test('moves the focus on when the focused element is disabled', async () => {
		button('keep').focus();
		button('keep').disabled = true;
		await expect.poll(() => document.activeElement).toBe(button('undo'));
	});

	test('leaves the focus where the user has put it meanwhile', async () => {
		button('keep').focus();
		button('outside').focus();
		button('keep').remove();
		await frames();
		expect(document.activeElement).toBe(button('outside'));
	});

	test('takes no focus for the removal of what had none', async () => {
		button('keep').remove();
		await frames();
		expect(document.activeElement).toBe(document.body);
	});

	test('does nothing once it is stopped', async () => {
		button('keep').focus();
		stop?.();
		button('keep').remove();
		await frames();
		expect(document.activeElement).toBe(document.body);
	});
});
