import { describe, expect, test } from 'vitest';
import type { DeviceProfile, GpuProfile } from '../ports/gpu-probe.ts';
import type { FitDevice, FitSubject } from './fit-contract.ts';
import { fit } from './fit.ts';

const goodGpu: GpuProfile = {
	vendor: 'v',
	architecture: 'a',
	isFallback: false,
	features: ['shader-f16', 'subgroups'],
	maxBufferSize: 2 ** 31,
	maxStorageBufferBindingSize: 2 ** 31
};
const softGpu: GpuProfile = { ...goodGpu, architecture: 'swiftshader', isFallback: true };
const plainGpu: GpuProfile = { ...goodGpu, features: [] };
const profile: DeviceProfile = {
	gpu: goodGpu,
	wasmThreads: 8,
	crossOriginIsolated: true,
	memoryGb: 8
};
const engines = ['starter', 'transformers', 'webllm'];

const starter: FitSubject = {
	engine: 'starter',
	tasks: ['generate', 'embed'],
	dtype: null,
	parameters: null,
	contextTokens: 8192,
	needs: [],
	bytes: 0,
	largestFileBytes: null
};
const embedder: FitSubject = {
	engine: 'transformers',
	tasks: ['embed'],
	dtype: 'q8',
	parameters: 23e6,
	contextTokens: 512,
	needs: [],
	bytes: 24e6,
	largestFileBytes: 23e6
};
const onnxChat: FitSubject = {
	engine: 'transformers',
	tasks: ['generate'],
	dtype: 'q4f16',
	parameters: 0.6e9,
	contextTokens: 4096,
	needs: [],
	bytes: 0.5e9,
	largestFileBytes: 0.49e9
};
const webLlmChat: FitSubject = {
	...onnxChat,
	engine: 'webllm',
	dtype: 'q4f16_1',
	largestFileBytes: 78e6
};

function device(parts: Partial<DeviceProfile> = {}, rest: Partial<FitDevice> = {}): FitDevice {
	return { profile: { ...profile, ...parts }, freeBytes: 100e9, engines, ...rest };
}

interface Case {
	readonly when: string;
	readonly subject: FitSubject;
	readonly on?: FitDevice;
	readonly reason: string;
}

const refused: readonly Case[] = [
	{
		when: 'its engine is not in this build, whatever else is wrong',
		subject: { ...webLlmChat, bytes: 900e9 },
		on: device({ gpu: null }, { engines: ['starter'] }),
		reason: 'This version of SAM has no engine for WebLLM models.'
	},
	{
		when: 'its engine is known to this build by name, and left out',
		subject: embedder,
		on: device({}, { engines: ['starter'] }),
		reason: 'This version of SAM has no engine for Transformers.js models.'
	},
	{
		when: 'nobody knows its engine',
		subject: { ...starter, engine: 'mine' },
		reason: 'This version of SAM has no engine for "mine" models.'
	},
	{
		when: 'it is for WebLLM and there is no WebGPU',
		subject: webLlmChat,
		on: device({ gpu: null }),
		reason: 'This browser has no WebGPU, which it needs.'
	},
	{
		when: 'it is a half-precision chat model and there is no WebGPU',
		subject: onnxChat,
		on: device({ gpu: null }),
		reason: 'This browser has no WebGPU, which it needs.'
	},
	{
		when: 'it says itself that it needs WebGPU',
		subject: { ...starter, needs: ['webgpu'] },
		on: device({ gpu: null }),
		reason: 'This browser has no WebGPU, which it needs.'
	},
	{
		when: 'its half precision would be computed on a software GPU, which its engine never uses',
		subject: onnxChat,
		on: device({ gpu: softGpu }),
		reason:
			'Its half-precision weights (q4f16) need a real GPU; this browser has only one made of software.'
	},
	{
		when: 'the GPU lacks what its quantisation implies, though nobody stated it',
		subject: onnxChat,
		on: device({ gpu: plainGpu }),
		reason:
			'Its half-precision weights (q4f16) need the GPU feature shader-f16, which this GPU does not offer.'
	},
	{
		when: 'the same holds for WebLLM',
		subject: webLlmChat,
		on: device({ gpu: plainGpu }),
		reason:
			'Its half-precision weights (q4f16_1) need the GPU feature shader-f16, which this GPU does not offer.'
	},
	{
		when: 'the GPU lacks a feature that is stated',
		subject: { ...webLlmChat, dtype: 'q4f32_1', needs: ['subgroups'] },
		on: device({ gpu: plainGpu }),
		reason: 'It needs the GPU feature subgroups, which this GPU does not offer.'
	},
	{
		when: 'the page is not isolated and it needs that',
		subject: { ...embedder, needs: ['cross-origin-isolated'] },
		on: device({ crossOriginIsolated: false }),
		reason: 'It needs cross-origin isolation, which this page does not have here.'
	},
	{
		when: 'GPU buffers are smaller than WebLLM asks for',
		subject: webLlmChat,
		on: device({ gpu: { ...goodGpu, maxBufferSize: 2 ** 27 } }),
		reason: 'WebLLM needs GPU buffers of 268 MB; this GPU allows 134 MB.'
	},
	{
		when: 'GPU bindings are smaller than WebLLM asks for',
		subject: webLlmChat,
		on: device({ gpu: { ...goodGpu, maxStorageBufferBindingSize: 2 ** 26 } }),
		reason: 'WebLLM needs GPU storage bindings of 134 MB; this GPU allows 67.1 MB.'
	},
	{
		when: 'one tensor of WebLLM is larger than the GPU reads at once',
		subject: { ...webLlmChat, largestFileBytes: 200e6 },
		on: device({ gpu: { ...goodGpu, maxStorageBufferBindingSize: 2 ** 27 } }),
		reason: 'A part of its weights has 200 MB; on this GPU, WebLLM reads 134 MB at once.'
	},
	{
		when: 'one tensor is larger than what WebLLM takes of a GPU that offers more',
		subject: { ...webLlmChat, largestFileBytes: 200e6 },
		on: device({ gpu: { ...goodGpu, maxStorageBufferBindingSize: 2 ** 29 } }),
		reason: 'A part of its weights has 200 MB; on this GPU, WebLLM reads 134 MB at once.'
	},
	{
		when: 'it is larger than WebAssembly can hold',
		subject: { ...onnxChat, dtype: 'q4', bytes: 2.1e9 },
		on: device({ gpu: null }),
		reason:
			'Without a usable GPU it would run in WebAssembly, which holds models up to 2.0 GB; this one has about 2.1 GB.'
	},
	{
		when: 'its parameters alone say that WebAssembly cannot hold it',
		subject: { ...onnxChat, dtype: 'q4', bytes: null, parameters: 8e9 },
		on: device({ gpu: softGpu }),
		reason:
			'Without a usable GPU it would run in WebAssembly, which holds models up to 2.0 GB; this one has about 4.5 GB.'
	},
	{
		when: 'it needs more memory than there is',
		subject: { ...webLlmChat, bytes: 3e9 },
		on: device({ memoryGb: 4 }),
		reason:
			'Needs about 4.1 GB of memory for its weights and its context; this device reports 4 GB.'
	},
	{
		when: 'there is no room for its files',
		subject: embedder,
		on: device({}, { freeBytes: 20e6 }),
		reason: 'Needs 24.0 MB of storage; 20.0 MB are free.'
	}
];

const tight: readonly Case[] = [
	{
		when: 'the GPU is made of software',
		subject: webLlmChat,
		on: device({ gpu: softGpu }),
		reason: 'The GPU of this browser is made of software: expect it to be very slow.'
	},
	{
		when: 'it takes more than half of the memory',
		subject: { ...webLlmChat, bytes: 2e9 },
		on: device({ memoryGb: 4 }),
		reason:
			'Needs about 2.8 GB of memory for its weights and its context; this device reports 4 GB.'
	},
	{
		when: 'it takes much, and the browser does not tell beyond 8 GB',
		subject: { ...webLlmChat, bytes: 9e9 },
		reason:
			'Needs about 11.9 GB of memory for its weights and its context; this device reports at least 8 GB.'
	},
	{
		when: 'a file of an ONNX model is larger than a buffer of the GPU',
		subject: onnxChat,
		on: device({ gpu: { ...goodGpu, maxBufferSize: 2 ** 28 } }),
		reason: 'Its largest file has 490 MB, and this GPU allows buffers of 268 MB: it may not load.'
	},
	{
		when: 'it is large and there is only a processor',
		subject: { ...onnxChat, dtype: 'q4' },
		on: device({ gpu: null }),
		reason:
			'It has 0.6 billion parameters and would run on the processor here: expect it to be slow.'
	},
	{
		when: 'half precision would be embedded on a processor',
		subject: { ...embedder, dtype: 'fp16' },
		on: device({ gpu: plainGpu }),
		reason:
			'Its half-precision weights (fp16) would run on the processor here: expect it to be slow.'
	},
	{
		when: 'its files leave little room',
		subject: embedder,
		on: device({}, { freeBytes: 25e6 }),
		reason: 'Needs 24.0 MB of storage; 25.0 MB are free, so little would be left.'
	},
	{
		when: 'the device was not asked',
		subject: webLlmChat,
		on: device({}, { profile: null }),
		reason: 'What this device offers is not known yet.'
	}
];

const fitting: readonly Case[] = [
	{
		when: 'it comes with the app, on the poorest device',
		subject: starter,
		on: device({ gpu: null, memoryGb: 0.25, crossOriginIsolated: false }, { freeBytes: 0 }),
		reason: 'Needs nothing special of this device.'
	},
	{
		when: 'it is small and there is no GPU',
		subject: embedder,
		on: device({ gpu: null }),
		reason: 'Needs about 31.2 MB of memory for its weights; this device reports at least 8 GB.'
	},
	{
		when: 'the GPU can do all that it implies',
		subject: onnxChat,
		reason:
			'Needs about 896 MB of memory for its weights and its context; this device reports at least 8 GB.'
	},
	{
		when: 'WebLLM gets exactly the limits that it asks for',
		subject: webLlmChat,
		on: device({
			gpu: { ...goodGpu, maxBufferSize: 2 ** 28, maxStorageBufferBindingSize: 2 ** 27 }
		}),
		reason:
			'Needs about 896 MB of memory for its weights and its context; this device reports at least 8 GB.'
	},
	{
		when: 'its size must be guessed and the browser keeps its memory to itself',
		subject: { ...onnxChat, bytes: null, largestFileBytes: null },
		on: device({ memoryGb: null }),
		reason:
			'Needs about 685 MB of memory for its weights and its context; this browser does not tell how much there is.'
	},
	{
		when: 'nothing is known of its size',
		subject: { ...embedder, bytes: null, parameters: null, largestFileBytes: null },
		reason: 'Nothing that this browser tells of the device speaks against it.'
	},
	{
		when: 'what is missing of its files has room, though all of them had not',
		subject: { ...embedder, alreadyStoredBytes: 20e6 },
		on: device({}, { freeBytes: 10e6 }),
		reason: 'Needs about 31.2 MB of memory for its weights; this device reports at least 8 GB.'
	},
	{
		when: 'nobody can tell how much room there is',
		subject: embedder,
		on: device({}, { freeBytes: null }),
		reason: 'Needs about 31.2 MB of memory for its weights; this device reports at least 8 GB.'
	}
];

describe("a model won't fit when", () => {
	test.each(refused)('$when', ({ subject, on = device(), reason }) => {
		expect(fit(subject, on)).toEqual({ verdict: 'wont-fit', reason });
	});
});

describe('a model is tight when', () => {
	test.each(tight)('$when', ({ subject, on = device(), reason }) => {
		expect(fit(subject, on)).toEqual({ verdict: 'tight', reason });
	});
});

describe('a model fits when', () => {
	test.each(fitting)('$when', ({ subject, on = device(), reason }) => {
		expect(fit(subject, on)).toEqual({ verdict: 'fits', reason });
	});
});

test('every reason is a whole sentence of its own', () => {
	const reasons = [...refused, ...tight].map(({ reason }) => reason);
	for (const reason of reasons) expect(reason).toMatch(/^[A-Z].*\.$/);
});
