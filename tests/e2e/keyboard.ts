import { expect, type Locator, type Page } from '@playwright/test';

/** Presses Tab (or Shift+Tab) until that element has the focus. Each stop on the way must be visible and marked. */
export async function tabTo(
	page: Page,
	target: Locator,
	key: 'Tab' | 'Shift+Tab' = 'Tab'
): Promise<void> {
	await expect(target).toBeVisible();
	for (let presses = 0; presses < 60; presses += 1) {
		if (await hasFocus(target)) return;
		await page.keyboard.press(key);
		await expectVisibleFocus(page);
	}
	throw new Error(`${String(target)} is out of reach of the keyboard.`);
}

export async function tabAndPress(page: Page, target: Locator): Promise<void> {
	await tabTo(page, target);
	await page.keyboard.press('Enter');
}

function hasFocus(target: Locator): Promise<boolean> {
	return target.evaluate((element) => element === document.activeElement);
}

/** What has the focus is on the screen, not below the header, and has a ring of its own or around it. */
async function expectVisibleFocus(page: Page): Promise<void> {
	const problem = await page.evaluate(() => {
		const element = document.activeElement;
		// After the last stop the browser's own controls have their turn.
		if (!element || element === document.body) return null;
		const name = element.getAttribute('aria-label') ?? element.textContent.trim().slice(0, 40);
		const box = element.getBoundingClientRect();
		if (box.width === 0 || box.bottom <= 0 || box.top >= innerHeight) {
			return `${name} has the focus and is not on the screen`;
		}
		const bar = document.querySelector('header')?.getBoundingClientRect().bottom ?? 0;
		if (element.closest('main') && box.bottom <= bar) {
			return `${name} has the focus and is hidden by the header`;
		}
		for (let at: Element | null = element; at; at = at.parentElement) {
			const { outlineStyle, outlineWidth } = getComputedStyle(at);
			if (outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2) return null;
		}
		return `${name} has the focus and does not show it`;
	});
	expect(problem).toBeNull();
}

export async function expectFocusKept(page: Page): Promise<void> {
	await expect
		.poll(() => page.evaluate(() => document.activeElement?.tagName))
		.not.toMatch(/BODY|HTML/);
}
