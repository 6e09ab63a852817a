import { AxeBuilder } from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const sizes = {
	desktop: { width: 1280, height: 800 },
	phone: { width: 390, height: 844 }
};

/** Looks at what is on the screen in light and dark, on a desktop and on a phone. */
export async function expectAccessible(page: Page, what: string): Promise<void> {
	await test.step(what, async () => {
		const found: string[] = [];
		// One behind others draws a frame a second.
		await page.bringToFront();
		for (const [size, viewport] of Object.entries(sizes)) {
			await page.setViewportSize(viewport);
			for (const colorScheme of ['light', 'dark'] as const) {
				// Colours that are on their way from one look to the other are nobody's choice.
				await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
				await nextFrame(page);
				const axe = await axeOn(page);
				// Nothing but colours differs in the dark.
				if (colorScheme === 'dark') axe.withRules(['color-contrast']);
				else axe.withTags(rules);
				const { violations } = await axe.analyze();
				for (const { id, nodes } of violations) {
					const places = nodes.map(({ target, any }) =>
						[target.join(' '), any[0]?.message].filter(Boolean).join(': ')
					);
					found.push(`${what}, ${size}, ${colorScheme}: ${id} at ${places.join('\n')}`);
				}
			}
			expect(
				await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth),
				`${what} fits a ${size} without scrolling sideways`
			).toBe(true);
		}
		await page.setViewportSize(sizes.desktop);
		expect(found).toEqual([]);
	});
}

/** Its code is large: a page that has it keeps it. */
async function axeOn(page: Page): Promise<AxeBuilder> {
	const isThere = await page.evaluate(() => 'axe' in window);
	const axe = new AxeBuilder(isThere ? { page, axeSource: ';' } : { page });
	// The other mode opens a page in front of this one, which then draws no frames. There are no inner frames here.
	return axe.setLegacyMode().options({ resultTypes: ['violations'] });
}

/** What is computed before a frame was drawn mixes the colours of both looks. */
async function nextFrame(page: Page): Promise<void> {
	await page.evaluate(
		() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))
	);
}
