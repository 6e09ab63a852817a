import { join } from 'node:path';
import { build } from 'vite';
import { serve } from '../../scripts/serve.mjs';
import { FileServer } from './file-server.ts';

const folder = import.meta.dirname;

/** The pages of the benches, built as the app is, and the files that they download, on one address. */
export class BenchSite {
	readonly files: FileServer;
	/** Without a slash at its end. */
	readonly url: string;

	private constructor(files: FileServer, url: string) {
		this.files = files;
		this.url = url;
	}

	static async start(): Promise<BenchSite> {
		await build({ configFile: join(folder, 'vite.config.ts') });
		const files = new FileServer();
		const port = Number(process.env.SAM_BENCH_PORT ?? 4189);
		const roots = [join(folder, '..', '..', '.cache', 'bench')];
		return new BenchSite(files, await serve({ port, roots, before: files.answer }));
	}
}
