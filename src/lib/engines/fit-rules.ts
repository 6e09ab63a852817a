import { formatBytes } from '../core/bytes.ts';
import { hasCode } from '../core/errors.ts';
import type { DeviceProfile, GpuProfile } from '../ports/gpu-probe.ts';
import { engineInfo } from './engine-infos.ts';
import type { FitRule, FitSubject } from './fit-contract.ts';
import { describeMemory, exceedsMemory, strainsMemory, weightBytes } from './fit-memory.ts';
import { isHalfPrecision, needsOf, placeOf, runtimeOf } from './fit-needs.ts';
import { grantedLimit, leastLimit } from './webllm/gpu-limits.ts';

const binding = 'maxStorageBufferBindingSize';
/** WebAssembly addresses 4 GB, and a file lies in there twice while it is loaded. */
const wasmWeights = 2e9;
const quickOnProcessor = 0.5e9;

/** Why a model cannot run, worst first: what no smaller change would cure comes before what is merely too little. */
export const refusals: readonly FitRule[] = [
	function unknownEngine({ engine }, { engines }) {
		if (engines.includes(engine)) return null;
		return `This version of SAM has no engine for ${nameOf(engine)} models.`;
	},
	onDevice(function noWebGpu(subject, { gpu }) {
		if (gpu || !needsOf(subject).includes('webgpu')) return null;
		return 'This browser has no WebGPU, which it needs.';
	}),
	onDevice(function softwareHalf(subject, { gpu }) {
		if (!gpu?.isFallback || !isHalfPrecision(subject) || runtimeOf(subject) !== 'onnx') return null;
		if (!subject.tasks.includes('generate')) return null;
		return `Its half-precision weights (${subject.dtype}) need a real GPU; this browser has only one made of software.`;
	}),
	onDevice(function missingFeature(subject, { gpu }) {
		const notFeatures = ['webgpu', 'cross-origin-isolated'];
		const features = needsOf(subject).filter((need) => !notFeatures.includes(need));
		const missing = features.find((feature) => !gpu?.features.includes(feature));
		if (missing === undefined) return null;
		const who =
			missing === 'shader-f16' && isHalfPrecision(subject)
				? `Its half-precision weights (${subject.dtype}) need`
				: 'It needs';
		return `${who} the GPU feature ${missing}, which this GPU does not offer.`;
	}),
	onDevice(function notIsolated(subject, { crossOriginIsolated }) {
		if (crossOriginIsolated || !needsOf(subject).includes('cross-origin-isolated')) return null;
		return 'It needs cross-origin isolation, which this page does not have here.';
	}),
	onWebLlm(function smallBuffers(_, { maxBufferSize: most }) {
		if (grantedLimit('maxBufferSize', most) !== null) return null;
		return `WebLLM needs GPU buffers of ${formatBytes(leastLimit('maxBufferSize'))}; this GPU allows ${formatBytes(most)}.`;
	}),
	onWebLlm(function smallBindings(_, { maxStorageBufferBindingSize: most }) {
		if (grantedLimit(binding, most) !== null) return null;
		return `WebLLM needs GPU storage bindings of ${formatBytes(leastLimit(binding))}; this GPU allows ${formatBytes(most)}.`;
	}),
	onWebLlm(function largeTensor({ largestFileBytes }, { maxStorageBufferBindingSize: offered }) {
		// Its weights are cut at 32 MB or so: a larger file is one single tensor, which must be bound as a whole.
		const most = grantedLimit(binding, offered) ?? 0;
		if (largestFileBytes === null || largestFileBytes <= most) return null;
		return `A part of its weights has ${formatBytes(largestFileBytes)}; on this GPU, WebLLM reads ${formatBytes(most)} at once.`;
	}),
	onDevice(function beyondWasm(subject, profile) {
		const weights = weightBytes(subject) ?? 0;
		if (placeOf(subject, profile) !== 'wasm' || weights <= wasmWeights) return null;
		return `Without a usable GPU it would run in WebAssembly, which holds models up to ${formatBytes(wasmWeights)}; this one has about ${formatBytes(weights)}.`;
	}),
	onDevice(function tooLittleMemory(subject, { memoryGb }) {
		if (memoryGb === null || !exceedsMemory(subject, memoryGb)) return null;
		return describeMemory(subject, memoryGb);
	}),
	function noRoom(subject, { freeBytes }) {
		const wanted = toStore(subject);
		if (freeBytes === null || wanted <= freeBytes) return null;
		return `Needs ${formatBytes(wanted)} of storage; ${formatBytes(freeBytes)} are free.`;
	}
];

/** Why a model may disappoint, worst first. */
export const cautions: readonly FitRule[] = [
	onWebLlm(function softwareGpu(_, { isFallback }) {
		if (!isFallback) return null;
		return 'The GPU of this browser is made of software: expect it to be very slow.';
	}),
	onDevice(function strained(subject, { memoryGb }) {
		if (memoryGb === null || !strainsMemory(subject, memoryGb)) return null;
		return describeMemory(subject, memoryGb);
	}),
	onDevice(function largeFile(subject, profile) {
		const { largestFileBytes } = subject;
		const most = profile.gpu?.maxBufferSize ?? 0;
		if (runtimeOf(subject) !== 'onnx' || placeOf(subject, profile) !== 'webgpu') return null;
		if (largestFileBytes === null || largestFileBytes <= most) return null;
		return `Its largest file has ${formatBytes(largestFileBytes)}, and this GPU allows buffers of ${formatBytes(most)}: it may not load.`;
	}),
	onDevice(function slowOnProcessor(subject, profile) {
		const { parameters } = subject;
		if (placeOf(subject, profile) !== 'wasm') return null;
		if (parameters === null || parameters <= quickOnProcessor) return null;
		return `It has ${billions(parameters)} parameters and would run on the processor here: expect it to be slow.`;
	}),
	onDevice(function halfOnProcessor(subject, profile) {
		if (placeOf(subject, profile) !== 'wasm' || !isHalfPrecision(subject)) return null;
		return `Its half-precision weights (${subject.dtype}) would run on the processor here: expect it to be slow.`;
	}),
	function littleRoom(subject, { freeBytes }) {
		const wanted = toStore(subject);
		if (freeBytes === null || wanted === 0 || wanted <= 0.9 * freeBytes) return null;
		return `Needs ${formatBytes(wanted)} of storage; ${formatBytes(freeBytes)} are free, so little would be left.`;
	},
	function notProbed(subject, { profile }) {
		if (profile || runtimeOf(subject) === 'other') return null;
		return 'What this device offers is not known yet.';
	}
];

/** A rule that needs a probed device. */
function onDevice(rule: (subject: FitSubject, profile: DeviceProfile) => string | null): FitRule {
	return (subject, { profile }) => (profile ? rule(subject, profile) : null);
}

/** A rule about WebLLM's models on a GPU. */
function onWebLlm(rule: (subject: FitSubject, gpu: GpuProfile) => string | null): FitRule {
	return onDevice((subject, { gpu }) =>
		gpu && runtimeOf(subject) === 'webllm' ? rule(subject, gpu) : null
	);
}

function toStore({ bytes, alreadyStoredBytes = 0 }: FitSubject): number {
	return Math.max(0, (bytes ?? 0) - alreadyStoredBytes);
}

function billions(parameters: number): string {
	return `${Number((parameters / 1e9).toPrecision(2))} billion`;
}

function nameOf(kind: string): string {
	try {
		return engineInfo(kind).name;
	} catch (error) {
		if (hasCode(error, 'engine/unknown')) return `"${kind}"`;
		throw error;
	}
}
