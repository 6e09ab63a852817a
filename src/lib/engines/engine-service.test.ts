import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { AppError } from '../core/errors.ts';
import type { GenerateEvent } from '../core/generation.ts';
import type { AdapterId } from '../core/ids.ts';
import type { ModelSpec } from '../core/model-spec.ts';
import type { AdapterUse } from '../core/setup.ts';
import { ScriptedEngine, scriptedModel } from '../testing/scripted-engine.ts';
import { callLink } from '../wire/call-link.ts';
import { receiveStream } from '../wire/receive-stream.ts';
import { defineEngine } from './define-engine.ts';
import type { EngineCapabilities, LoadRequest, ModelFiles, Progress } from './engine-contract.ts';
import { EngineRegistry } from './engine-registry.ts';
import { EngineService, type LoadOptions } from './engine-service.ts';
import { noFiles } from './no-files.ts';

const withFiles: ModelSpec = {
	...scriptedModel,
	files: [{ path: 'weights', url: 'https://models.test/w', bytes: 1, sha256: 'a' as never }]
};
const request = {
	question: '',
	messages: [],
	passages: [],
	maxTokens: 9,
	temperature: 0,
	seed: null
};

/** Remembers what it was asked to load. */
class RecordingEngine extends ScriptedEngine {
	readonly requests: LoadRequest[] = [];

	override load(...[loadRequest, context]: Parameters<ScriptedEngine['load']>): Promise<void> {
		this.requests.push(loadRequest);
		return super.load(loadRequest, context);
	}
}

type ServiceParts = ConstructorParameters<typeof EngineService>[0];

function setUp(parts: Partial<ServiceParts> = {}) {
	const engine = new RecordingEngine();
	const files: ModelFiles = { ...noFiles, paths: ['weights'] };
	const service = new EngineService({
		registry: new EngineRegistry([
			defineEngine({ info: engine.info, make: () => Promise.resolve(engine) })
		]),
		openModel: () => Promise.resolve(files),
		...parts
	});
	return { engine, files, service };
}

async function load(
	service: EngineService,
	spec = scriptedModel,
	threads?: number
): Promise<Progress[]> {
	const seen: Progress[] = [];
	const reported = Promise.withResolvers<null>();
	const link = callLink<Progress>(undefined, (step) => {
		seen.push(step);
		if (step.done === step.total) reported.resolve(null);
	});
	await service.load(spec, 'wasm', link.port, { ...(threads && { threads }) });
	await reported.promise;
	link.release();
	return seen;
}

describe('EngineService', () => {
	test('hands the engine the verified files of its model and the device', async () => {
		const { engine, files, service } = setUp();
		await load(service, withFiles);
		expect(engine.requests).toEqual([{ spec: withFiles, files, device: 'wasm' }]);
	});

	test('hands it the number of threads, where somebody says one', async () => {
		const { engine, service } = setUp();
		await load(service, scriptedModel, 1);
		expect(engine.requests[0]?.threads).toBe(1);
	});

	test('hands it no files where the model is built in', async () => {
		const { engine, service } = setUp();
		await load(service);
		expect(engine.requests[0]?.files).toBe(noFiles);
	});

	test('answers a load with what the engine can do, and reports progress meanwhile', async () => {
		const { service } = setUp();
		expect(await load(service)).toEqual([1, 2, 3, 4].map((done) => ({ done, total: 4 })));
		const link = callLink();
		await expect(service.load(scriptedModel, 'wasm', link.port)).rejects.toMatchObject({
			code: 'engine/busy'
		});
		link.release();
	});

	test('before a load embeds nothing', async () => {
		const { service } = setUp();
		const link = callLink();
		await expect(service.embed(['a'], 'query', link.port)).rejects.toMatchObject({
			code: 'engine/not-loaded'
		});
		link.release();
	});

	test('before a load the stream of an answer says why there is none', async () => {
		const { service } = setUp();
		const { port1, port2 } = new MessageChannel();
		const events = Array.fromAsync(receiveStream<GenerateEvent>(port1));
		await Promise.all([
			expect(events).rejects.toMatchObject({ code: 'engine/not-loaded' }),
			service.generate(request, port2)
		]);
	});

	test('streams an answer and resolves when it has ended', async () => {
		const { service } = setUp();
		await load(service);
		const { port1, port2 } = new MessageChannel();
		const events = Array.fromAsync(receiveStream<GenerateEvent>(port1));
		await service.generate(request, port2);
		expect((await events).map(({ type }) => type)).toEqual([
			'text-delta',
			'text-delta',
			'text-delta',
			'text-delta',
			'end'
		]);
	});

	test('a cancelled link cancels the call', async () => {
		const { service } = setUp();
		await load(service);
		const link = callLink(AbortSignal.abort());
		await expect(service.embed(['a'], 'query', link.port)).rejects.toMatchObject({
			code: 'cancelled'
		});
		link.release();
	});
});

describe('a load with adapters', () => {
	const style: AdapterUse = { adapter: 'style' as AdapterId, strength: 0.5 };
	const adapted: ModelFiles = { ...noFiles, paths: ['weights', 'branches'] };
	const matches = [{ adapter: style.adapter, matched: 3, of: 4 }];

	function loadWith(service: EngineService, options: LoadOptions): Promise<EngineCapabilities> {
		const link = callLink<Progress>();
		onTestFinished(() => link.release());
		return service.load(withFiles, 'wasm', link.port, options);
	}

	test('hands the engine files with these worked in, and tells how much of them matched', async () => {
		const asked: unknown[] = [];
		const { engine, files, service } = setUp({
			adapt: async (...[spec, given, uses]) => {
				asked.push([spec, given, uses]);
				return { files: adapted, matches };
			}
		});
		const capabilities = await loadWith(service, { adapters: [style] });
		expect(asked).toEqual([[withFiles, files, [style]]]);
		expect(engine.requests[0]).toMatchObject({ files: adapted, adapters: [style] });
		expect(capabilities.adapters).toEqual(matches);
	});

	test('leaves the files alone where none is on', async () => {
		const adapt = vi.fn<NonNullable<ServiceParts['adapt']>>();
		const { engine, files, service } = setUp({ adapt });
		const capabilities = await loadWith(service, { adapters: [] });
		expect(adapt).not.toHaveBeenCalled();
		expect(engine.requests).toEqual([{ spec: withFiles, files, device: 'wasm' }]);
		expect(capabilities).not.toHaveProperty('adapters');
	});

	test('is refused where nothing works adapters in', async () => {
		const { engine, service } = setUp();
		await expect(loadWith(service, { adapters: [style] })).rejects.toMatchObject({
			code: 'adapter/engine',
			details: { engine: 'Scripted' }
		});
		expect(engine.requests).toEqual([]);
	});

	test('fails with what working them in fails with, before the engine loads anything', async () => {
		const error = new AppError('adapter/no-match');
		const { engine, service } = setUp({ adapt: () => Promise.reject(error) });
		await expect(loadWith(service, { adapters: [style] })).rejects.toBe(error);
		expect(engine.requests).toEqual([]);
	});
});
