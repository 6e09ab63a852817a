/**
 * The site that the end-to-end tests open: the built app, and over it a catalog that also offers the generated models,
 * and those models. The app cannot tell them from real ones. Some of them lie on a model hub: tests that want those
 * start one of their own (`test-hub.ts`).
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { serve } from '../../scripts/serve.mjs';
import { tinyCatalogEntries, writeTinyModels } from '../fixtures/tiny-models/generate.ts';
import { tinyModels } from '../fixtures/tiny-models/tiny-models.ts';
import { packedLlama } from './adapted-models.ts';
import { brokenLlama } from './broken-models.ts';
import { hubCatalogEntries } from './hub-models.ts';
import { termedBert } from './termed-models.ts';

const root = join(import.meta.dirname, '..', '..');
const site = join(root, '.cache', 'e2e-site');
const models = join(site, 'models');
mkdirSync(models, { recursive: true });
const served = [...tinyModels, brokenLlama, packedLlama, termedBert];
await writeTinyModels(models, served);

interface Catalog {
	readonly version: number;
	readonly models: readonly unknown[];
}
const real = JSON.parse(readFileSync(join(root, 'static', 'catalog.json'), 'utf8')) as Catalog;
const entries = [...(await tinyCatalogEntries(models, 'models/', served)), ...hubCatalogEntries()];
writeFileSync(
	join(site, 'catalog.json'),
	JSON.stringify({ ...real, models: [...real.models, ...entries] })
);

const build = join(root, 'build');
const address = await serve({
	port: Number(process.env.SAM_TEST_PORT ?? 4179),
	roots: [site, build],
	before: (request, response) => {
		// For a browser with this cookie there is a new version of the app: its service worker differs by a comment.
		const wantsNext = request.headers.cookie?.includes('sam-test-version=next');
		if (request.url !== '/service-worker.js' || !wantsNext) return;
		response.setHeader('content-type', 'text/javascript');
		response.end(`${readFileSync(join(build, 'service-worker.js'), 'utf8')}\n// next`);
	}
});
console.log(address);
