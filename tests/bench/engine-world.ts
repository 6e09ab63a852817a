import type { Page } from 'playwright';
import type { ModelSpec } from '../../src/lib/core/model-spec.ts';
import type { BenchSite } from './bench-site.ts';
import { BenchBrowser } from './bench-browser.ts';
import { serveModel, type BenchModel } from './bench-models.ts';
import type { EngineStart } from './pages/engine-bench.ts';

/** A browser that has models installed, in the app's store and in a plain cache. */
export class EngineWorld {
	readonly browser: BenchBrowser;
	readonly #site: BenchSite;
	readonly #specs: Readonly<Record<string, ModelSpec>>;

	private constructor(
		browser: BenchBrowser,
		site: BenchSite,
		specs: Readonly<Record<string, ModelSpec>>
	) {
		this.browser = browser;
		this.#site = site;
		this.#specs = specs;
	}

	static async start(site: BenchSite, models: readonly BenchModel[]): Promise<EngineWorld> {
		const browser = await BenchBrowser.start();
		const catalog = models.map((model) => serveModel(site, model));
		const page = await browser.open(site.url);
		const specs = await page.evaluate((it) => window.bench.engines.install(it), catalog);
		await page.close();
		return new EngineWorld(browser, site, specs);
	}

	/** A page in which nothing has run yet. */
	open(): Promise<Page> {
		return this.browser.open(this.#site.url);
	}

	spec({ id }: BenchModel): ModelSpec {
		const spec = this.#specs[id];
		if (!spec) throw new Error(`${id} is not installed.`);
		return spec;
	}

	/** Starts an engine of that name in a fresh worker of the page; resolves with the time in ms that it took. */
	start(
		page: Page,
		name: string,
		model: BenchModel,
		how: Partial<Pick<EngineStart, 'side' | 'device' | 'adapters'>> = {}
	): Promise<number> {
		const start: EngineStart = {
			...{ side: 'ours', device: 'wasm', spec: this.spec(model), id: model.id },
			...how
		};
		return page.evaluate(([as, it]) => window.bench.engines.start(as, it), [name, start] as const);
	}
}
