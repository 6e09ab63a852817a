import { commands } from 'vitest/browser';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { GenerateEvent } from '../../src/lib/core/generation.ts';
import type { FrozenModel } from '../../src/lib/library/frozen-model.ts';
import { defaultDownloadSettings } from '../../src/lib/library/download/download-settings.ts';
import { EngineClient } from '../../src/lib/engines/engine-client.ts';
import { noFiles } from '../../src/lib/engines/no-files.ts';
import { webLlmInfo } from '../../src/lib/engines/webllm/web-llm-info.ts';
import { modelIdOf } from '../../src/lib/library/model-id.ts';
import { ModelLibraryManager } from '../../src/lib/library/model-library-manager.ts';
import { BrowserConnectivity } from '../../src/lib/platform/browser-connectivity.ts';
import { CacheBlobStore } from '../../src/lib/platform/cache-blob-store.ts';
import { Database } from '../../src/lib/platform/database.ts';
import { FetchRangeSource } from '../../src/lib/platform/fetch-range-source.ts';
import { IdbRecordStore } from '../../src/lib/platform/idb-record-store.ts';
import { Sha256HasherFactory } from '../../src/lib/platform/sha256-hasher.ts';
import { SystemClock } from '../../src/lib/platform/system-clock.ts';
import { WebLocks } from '../../src/lib/platform/web-locks.ts';
import { WorkerHost } from '../../src/lib/wire/worker-host.ts';
import type { ModelUnderTest } from './model-under-test.ts';
import { collectReports } from './report-channel.ts';

declare module 'vitest/browser' {
	interface BrowserCommands {
		modelUnderTest: () => Promise<ModelUnderTest | null>;
		hubRequests: () => Promise<number>;
		closeHub: () => Promise<void>;
	}
}

const { signal } = new AbortController();
const clock = new SystemClock();
const sleep = (ms: number, stop: AbortSignal): Promise<void> => clock.sleep(ms, stop);
const published = await commands.modelUnderTest();
const { reports, close } = collectReports();

/** Shown, not asserted: how long things take is the machine's affair. */
function show(what: string, value: string | number): void {
	console.log(`${what}: ${typeof value === 'number' ? Math.round(value * 1000) / 1000 : value}`);
}

async function timed<T>(what: string, work: Promise<T>): Promise<T> {
	const start = performance.now();
	const result = await work;
	show(`${what}, seconds`, (performance.now() - start) / 1000);
	return result;
}

describe.skipIf(!published)('a real model library', () => {
	const { entry, hubUrl = '' } = published ?? ({} as Partial<ModelUnderTest>);
	const database = new Database({ name: 'webllm-test' });
	let engine: EngineClient;
	let frozen: FrozenModel;
	let afterInstall = 0;

	beforeAll(async () => {
		if (!entry) throw new Error('No model library was given.');
		const library = new ModelLibraryManager({
			catalog: [entry],
			records: new IdbRecordStore(database),
			blobs: new CacheBlobStore('webllm-test'),
			ranges: new FetchRangeSource(),
			hashers: new Sha256HasherFactory(),
			...{ clock, locks: new WebLocks(), connectivity: new BrowserConnectivity() },
			baseUrl: location.href
		});
		const mirrors = [hubUrl];
		await library.configure({ ...defaultDownloadSettings, mirrors, officialHost: false });
		frozen = await library.freeze(modelIdOf(entry, entry.revision), signal);
		const { id, files } = frozen.spec;
		await timed(
			'Installed',
			library.install(id, () => undefined, signal)
		);
		show(
			'Bytes',
			files.reduce((sum, { bytes }) => sum + bytes, 0)
		);
		expect(
			await timed(
				'Verified',
				library.verify(id, () => undefined, signal)
			)
		).toBe(0);
		afterInstall = await commands.hubRequests();
		const spawn = (): Worker =>
			new Worker(new URL('./real-engine.worker.ts', import.meta.url), { type: 'module' });
		engine = new EngineClient({
			info: webLlmInfo,
			spawn: () => new WorkerHost({ name: 'engine', spawn, readyTimeoutMs: 60_000, sleep }),
			sleep
		});
		const request = { spec: frozen.spec, files: noFiles, device: 'auto' } as const;
		const seen: number[] = [];
		const onProgress = ({ done, total }: { done: number; total: number }): void =>
			void seen.push(done / total);
		await timed('Loaded', engine.load(request, { signal, onProgress }));
		expect(seen.at(-1)).toBe(1);
		expect(seen).toEqual(seen.toSorted((a, b) => a - b));
	}, 900_000);

	afterAll(async () => {
		await engine.unload();
		close();
		await database.close();
		indexedDB.deleteDatabase('webllm-test');
		await caches.delete('webllm-test');
		await commands.closeHub();
	});

	const embeds = entry?.tasks.includes('embed');

	test.runIf(embeds)(
		'makes the same vector of a text alone and in a batch',
		async () => {
			const texts = ['the river flows to the sea', 'a red house', 'the dog sleeps', 'two years'];
			const context = { signal, purpose: 'passage' } as const;
			const together = await timed('Four texts', engine.embed(texts, context));
			let most = 0;
			for (const [at, text] of texts.entries()) {
				const [alone] = await timed('One text', engine.embed([text], context));
				const apart = alone!.map((value, dim) => Math.abs(value - together[at]![dim]!));
				most = Math.max(most, ...apart);
			}
			for (const vector of together) {
				expect(vector).toHaveLength(entry?.embedding?.dims ?? 0);
				expect(Math.hypot(...vector)).toBeCloseTo(1, 4);
			}
			const batches = reports.flatMap((each) => (each.kind === 'batch' ? [each] : []));
			for (const { lengths, norm, ms } of batches)
				show(
					`Batch of ${lengths.join(' + ')} tokens`,
					`${Math.round(ms)} ms, norm ${norm.toFixed(3)}`
				);
			const mixed = batches.slice(2).some(({ lengths }) => new Set(lengths).size > 1);
			show('Reads texts of different lengths together', mixed ? 'yes' : 'no');
			show('Alone and in a batch, greatest difference', most);
			expect(most).toBeLessThan(1e-5);
		},
		900_000
	);

	test.runIf(entry && !embeds)(
		'writes an answer, and the same one again',
		async () => {
			const question = 'How long is the warranty?';
			const ask = async (): Promise<GenerateEvent[]> =>
				Array.fromAsync(
					engine.generate(
						{
							question,
							messages: [{ role: 'user', content: question }],
							...{ passages: [], maxTokens: 12, temperature: 0, seed: null }
						},
						{ signal }
					)
				);
			const first = await timed('Twelve tokens', ask());
			const end = first.at(-1);
			expect(end).toMatchObject({ type: 'end' });
			const text = (events: readonly GenerateEvent[]): string =>
				events.map((event) => ('text' in event ? event.text : '')).join('');
			show('Answer', JSON.stringify(text(first)));
			show('Usage', JSON.stringify(end));
			expect(text(await ask())).toBe(text(first));
		},
		900_000
	);

	test('has asked nobody for anything since it was installed', async () => {
		expect(await commands.hubRequests()).toBe(afterInstall);
		const fetched = reports.flatMap((each) => (each.kind === 'fetch' ? [each.url] : []));
		show('Requests since the installation', fetched.length);
		expect(fetched).toEqual([]);
	});
});

test.runIf(!published)('no model library was given', () => {
	console.log('Skipped: set WEBLLM_TEST_LIB to the path of a model library (.wasm) to run it.');
	expect(published).toBeNull();
});
