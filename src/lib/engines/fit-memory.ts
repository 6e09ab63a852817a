import { formatBytes } from '../core/bytes.ts';
import type { FitSubject } from './fit-contract.ts';

const gigabyte = 1e9;

/** Buffers of the runtime and copies made while loading, on top of the weights. */
const overhead = 1.3;

/** Keys and values of one token, for models between 0.1 and 8 billion parameters. */
const bytesPerToken = 60_000;
/** Engines make room for what is in use, not for the longest context that a model could read. */
const usualTokens = 4096;

/** Many browsers stop here, newer ones at 32, so as not to tell devices apart: from 8 on it means that or more. */
const openEndedFrom = 8;

/** Size of the weights: that of the files, or guessed from the parameters; null where neither is known. */
export function weightBytes({ bytes, parameters, dtype }: FitSubject): number | null {
	if (bytes !== null) return bytes;
	return parameters === null || dtype === null ? null : (parameters * bitsOf(dtype)) / 8;
}

/** Weights, their copies and the context; null where the weights are not known. */
export function memoryBytes(subject: FitSubject): number | null {
	const weights = weightBytes(subject);
	if (weights === null) return null;
	const tokens = Math.min(subject.contextTokens, usualTokens);
	const context = subject.tasks.includes('generate') && weights > 0 ? tokens * bytesPerToken : 0;
	return weights * overhead + context;
}

/** The need and what there is, in one sentence. */
export function describeMemory(subject: FitSubject, memoryGb: number | null): string | null {
	const needed = memoryBytes(subject);
	if (!needed) return null;
	const what = subject.tasks.includes('generate') ? 'its weights and its context' : 'its weights';
	const there =
		memoryGb === null
			? 'this browser does not tell how much there is'
			: `this device reports ${isAtLeast(memoryGb) ? 'at least ' : ''}${memoryGb} GB`;
	return `Needs about ${formatBytes(needed)} of memory for ${what}; ${there}.`;
}

/** More than there is. Never true where there may be more than the browser tells. */
export function exceedsMemory(subject: FitSubject, memoryGb: number): boolean {
	return !isAtLeast(memoryGb) && (memoryBytes(subject) ?? 0) > memoryGb * gigabyte;
}

/** More than half of what there is: the browser, its other tabs and the system want the rest. */
export function strainsMemory(subject: FitSubject, memoryGb: number): boolean {
	return (memoryBytes(subject) ?? 0) > (memoryGb * gigabyte) / 2;
}

function isAtLeast(memoryGb: number): boolean {
	return memoryGb >= openEndedFrom;
}

/** Of each weight on average: four-bit formats carry scales beside it. */
function bitsOf(dtype: string): number {
	const quantised = /^q(\d)/.exec(dtype)?.[1];
	if (quantised !== undefined && quantised !== '0') return Number(quantised) + 0.5;
	if (dtype.includes('int8')) return 8;
	if (/fp?16/.test(dtype)) return 16;
	return dtype === 'bnb4' ? 4.5 : 32;
}
