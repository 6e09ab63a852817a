import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkBundle } from './check-bundle.mjs';

let root = '';

function write(path: string, content: string | Buffer): void {
	const whole = join(root, path);
	mkdirSync(dirname(whole), { recursive: true });
	writeFileSync(whole, content);
}

/** Text that brotli can hardly make smaller. */
const noise = (bytes: number): Buffer => randomBytes(bytes);
const files = 'build/_app/immutable';

beforeEach(() => {
	root = mkdtempSync(join(tmpdir(), 'bundle-'));
	write(
		'build/index.html',
		'<link href="./_app/immutable/entry/start.AAAAAAAA.js" rel="modulepreload">'
	);
	write(`${files}/entry/start.AAAAAAAA.js`, 'start()');
	write(`${files}/assets/start.AAAAAAAA.css`, 'body{}');
	write(
		'.svelte-kit/output/client/.vite/manifest.json',
		JSON.stringify({
			start: {
				file: '_app/immutable/entry/start.AAAAAAAA.js',
				css: ['_app/immutable/assets/start.AAAAAAAA.css']
			}
		})
	);
	write('build/service-worker.js', 'self');
});
afterEach(() => rmSync(root, { recursive: true }));

const bytesOf = (name: string): number =>
	checkBundle(root).rows.find((row) => row.name.startsWith(name))?.bytes ?? -1;

test('a small build has no problems', () => {
	expect(checkBundle(root).problems).toEqual([]);
});

test('the styles of the start page belong to its first load', () => {
	const before = bytesOf('First load');
	write(`${files}/assets/start.AAAAAAAA.css`, noise(5000));
	expect(bytesOf('First load')).toBeGreaterThan(before + 4000);
});

test('scripts that the start page does not load are not counted as its first load', () => {
	const before = bytesOf('First load');
	write(`${files}/nodes/7.AAAAAAAA.js`, noise(5000));
	expect(bytesOf('First load')).toBe(before);
});

test('a first load over its budget is named with both figures', () => {
	write(`${files}/entry/start.AAAAAAAA.js`, noise(130_000));
	expect(checkBundle(root).problems).toEqual([
		expect.stringMatching(/^First load, JS and CSS is 13\d\.\d KB .* the budget is 120\.0 KB\.$/)
	]);
});

test('a precache over its budget is a problem, and the file to blame comes first', () => {
	write(`${files}/workers/assets/huge-AAAAAAAA.wasm`, noise(1_600_000));
	const { problems, heaviest } = checkBundle(root);
	expect(problems).toEqual([expect.stringMatching(/^Precache is 1\d{3}/)]);
	expect(heaviest[0]?.name).toContain('huge-AAAAAAAA.wasm');
});

test('runtimes that are fetched on demand may be large', () => {
	write(`${files}/workers/assets/ort-wasm-simd-AAAAAAAA.wasm`, noise(1_600_000));
	expect(checkBundle(root).problems).toEqual([]);
	expect(bytesOf('Fetched on demand, as it is')).toBeGreaterThan(1_500_000);
});

test('engine code is allowed in workers and nowhere else', () => {
	write(`${files}/workers/chunks/web-llm-AAAAAAAA.js`, 'class MLCEngine {}');
	expect(checkBundle(root).problems).toEqual([]);
	write(`${files}/chunks/AAAAAAAA.js`, 'class MLCEngine {}');
	expect(checkBundle(root).problems).toEqual([
		'_app/immutable/chunks/AAAAAAAA.js runs in the page and contains engine code ("MLCEngine").'
	]);
});
