import type { Task } from '../core/model-spec.ts';
import type { DeviceProfile } from '../ports/gpu-probe.ts';

/** What must be known of a model to tell whether a device can run it. Bytes throughout. */
export interface FitSubject {
	/** Kind of engine in the registry. */
	readonly engine: string;
	readonly tasks: readonly Task[];
	/** Quantisation as the runtime names it; null for models without weights. */
	readonly dtype: string | null;
	/** Number of weights; null where nobody said. */
	readonly parameters: number | null;
	readonly contextTokens: number;
	/** Stated besides what the engine and the quantisation imply. */
	readonly needs: readonly string[];
	/** Of all files; null where they are not known yet. */
	readonly bytes: number | null;
	readonly largestFileBytes: number | null;
	/** What need not be downloaded any more. */
	readonly alreadyStoredBytes?: number;
}

export interface FitDevice {
	/** Null where it was not probed: then nothing is refused for it. */
	readonly profile: DeviceProfile | null;
	/** What the browser still grants; null where it does not tell, or where room is somebody else's question. */
	readonly freeBytes: number | null;
	/** Kinds of engines that this build has. */
	readonly engines: readonly string[];
}

export interface FitVerdict {
	/** `tight`: it will probably run, and the reason says what is wrong with it. */
	readonly verdict: 'fits' | 'tight' | 'wont-fit';
	/** A whole sentence, with numbers where there are any. */
	readonly reason: string;
}

/** Says what speaks against a model on a device; null when nothing does. */
export type FitRule = (subject: FitSubject, device: FitDevice) => string | null;
