import { beforeEach, describe, expect, onTestFinished, test, type TestContext } from 'vitest';
import type { EngineTrial, EngineTrialReport } from '../../testing/engine-trial.ts';
import TrialWorker from '../../testing/engine-trial.worker.ts?worker';

// Each in a worker of its own, as in the app: what fails leaves the runtime of its worker unusable.

function attempt(trial: EngineTrial): Promise<EngineTrialReport> {
	const worker = new TrialWorker();
	onTestFinished(() => worker.terminate());
	return new Promise((resolve) => {
		worker.onmessage = ({ data }: MessageEvent<EngineTrialReport>) => resolve(data);
		worker.postMessage(trial);
	});
}

async function needGpu({ skip }: Pick<TestContext, 'skip'>): Promise<void> {
	const { gpu } = navigator as { gpu?: { requestAdapter(): Promise<unknown> } };
	if (!(await gpu?.requestAdapter())) skip('This browser gives no WebGPU adapter.');
}

describe('a model that the runtime cannot read', () => {
	test.each([
		['flipped', 'protobuf'],
		['truncated', 'protobuf'],
		['unknown-operator', 'Sigmoyd'],
		['unknown-type', 'none']
	] as const)('is refused with its name and the reason: %s', async (damage, words) => {
		const report = await attempt({ model: 'tiny-llama', device: 'wasm', damage });
		expect(report).toMatchObject({ code: 'engine/bad-model', status: 'failed' });
		expect(report.message).toContain('Tiny Llama');
		expect(report.message).toContain(words);
	});

	test('harms nobody else: a new worker works', async () => {
		await attempt({ model: 'tiny-bert-64', device: 'wasm', damage: 'truncated' });
		const report = await attempt({ model: 'tiny-bert-64', device: 'wasm' });
		expect(report).toMatchObject({ code: null, status: 'ready' });
		expect(report.vectors).toHaveLength(64);
	});
});

describe.each(['wasm', 'webgpu'] as const)('a model that computes NaN (%s)', (device) => {
	test('is caught before it says a word', async (context) => {
		if (device === 'webgpu') await needGpu(context);
		const report = await attempt({ model: 'tiny-llama', device, damage: 'nan' });
		expect(report).toMatchObject({ code: 'engine/bad-output', text: '', status: 'failed' });
		expect(report.message).toContain('NaN');
	});
});

describe('a model that wants more memory than there is', () => {
	test('says so in WebAssembly', async () => {
		const report = await attempt({ model: 'tiny-bert-64', device: 'wasm', damage: 'hungry' });
		expect(report).toMatchObject({ code: 'engine/out-of-memory', status: 'failed' });
	});

	test('says what the GPU refuses', async (context) => {
		await needGpu(context);
		const report = await attempt({
			model: 'tiny-bert-64',
			device: 'webgpu',
			damage: 'hungry',
			texts: ['hello']
		});
		expect(report).toMatchObject({ code: 'engine/gpu-too-small', status: 'failed' });
		expect(report.message).toContain('exceeds the max buffer size limit');
	});
});

describe('a GPU device that is lost', () => {
	beforeEach(needGpu);

	test.each([
		['tiny-llama', 'before-call'],
		['tiny-llama-endless', 'during-call'],
		['tiny-bert-64', 'before-call'],
		['tiny-bert-64', 'during-call']
	] as const)('fails the call and the engine: %s, %s', async (model, lose) => {
		const report = await attempt({ model, device: 'webgpu', lose });
		expect(report).toMatchObject({ code: 'engine/device-lost', status: 'lost' });
	});

	test.each(['at-load', 'idle'] as const)('is noticed without a call: %s', async (lose) => {
		const report = await attempt({ model: 'tiny-bert-64', device: 'webgpu', lose });
		expect([null, 'engine/device-lost']).toContain(report.code);
		expect(report.status).toBe('lost');
	});
});

describe.each(['wasm', 'webgpu'] as const)('both builds of the runtime (%s)', (device) => {
	test('make the same vectors, and each worker fetches one of them, from here', async (context) => {
		if (device === 'webgpu') await needGpu(context);
		const trial = { model: 'tiny-bert-64', device, texts: ['the river flows to the sea'] } as const;
		const reports = [await attempt(trial), await attempt({ ...trial, withoutJspi: true })];
		const [jspi, asyncify] = reports.map(({ vectors }) => vectors[0]!);
		expect(jspi).toHaveLength(64);
		const differences = jspi!.map((value, at) => Math.abs(value - asyncify![at]!));
		expect(Math.max(...differences)).toBeLessThan(1e-5);
		const builds = reports.map(({ urls }) =>
			urls.flatMap((url) => /ort-wasm[\w.-]*\.wasm$/.exec(url)?.[0] ?? [])
		);
		expect(builds).toEqual([
			['ort-wasm-simd-threaded.jspi.wasm'],
			['ort-wasm-simd-threaded.asyncify.wasm']
		]);
		const hosts = reports.flatMap(({ urls }) => urls.map((url) => new URL(url).host));
		expect(new Set(hosts)).toEqual(new Set([location.host]));
	});
});

test('several threads make the same vectors as one', async () => {
	const trial = { model: 'tiny-bert-64', device: 'wasm', texts: ['the river flows'] } as const;
	const [one, two] = [await attempt({ ...trial, cores: 1 }), await attempt({ ...trial, cores: 4 })];
	expect(two.isolated).toBe(true);
	// Each thread beside the first is a worker that starts from the same script.
	const scripts = [one, two].map(
		({ urls }) => urls.filter((url) => url.includes('.jspi.mjs')).length
	);
	expect(scripts[1]).toBeGreaterThan(scripts[0]!);
	const differences = one.vectors[0]!.map((value, at) => Math.abs(value - two.vectors[0]![at]!));
	expect(Math.max(...differences)).toBeLessThan(1e-5);
});
