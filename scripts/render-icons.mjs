/** Draws the PNG icons from static/icons/icon.svg. Run it after a change of the drawing and commit what it writes. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright';
import { findBrowser } from './find-browser.mjs';

const folder = join(import.meta.dirname, '..', 'static', 'icons');
const drawing = readFileSync(join(folder, 'icon.svg'), 'utf8');
/** A maskable icon fills its square, and what matters stays in the middle 80 %, because the system cuts the edge off. */
const maskable = drawing
	.replace('rx="116"', 'rx="0"')
	.replace('class="mark"', 'class="mark" transform="translate(51.2 51.2) scale(0.8)"');

const icons = [
	{ file: 'icon-192.png', size: 192, svg: drawing },
	{ file: 'icon-512.png', size: 512, svg: drawing },
	{ file: 'icon-maskable-512.png', size: 512, svg: maskable }
];

const executablePath = findBrowser();
const browser = await chromium.launch({
	args: ['--no-sandbox'],
	...(executablePath ? { executablePath } : {})
});
for (const { file, size, svg } of icons) {
	const page = await browser.newPage({ viewport: { width: size, height: size } });
	await page.setContent(`<style>body{margin:0}svg{display:block;width:100vw}</style>${svg}`);
	await page.screenshot({ path: join(folder, file), omitBackground: true });
	await page.close();
	console.log(`static/icons/${file}`);
}
await browser.close();
