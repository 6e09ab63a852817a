import type { ErrorCode } from '../core/error-code.ts';
import type { EngineStatus } from '../engines/engine-status.ts';

/** What is to be tried with a tiny model in a worker of its own, where it can do no harm. */
export interface EngineTrial {
	readonly model: string;
	readonly device: 'wasm' | 'webgpu';
	/** What is wrong with its files. */
	readonly damage?:
		'flipped' | 'truncated' | 'unknown-operator' | 'unknown-type' | 'nan' | 'hungry';
	/** When the GPU device is lost. */
	readonly lose?: 'at-load' | 'before-call' | 'during-call' | 'idle';
	/** As in a browser whose WebAssembly cannot wait for promises. */
	readonly withoutJspi?: boolean;
	/** What the browser tells of the machine's cores. Default: the truth. */
	readonly cores?: number;
	/** To be embedded. Default: enough for several batches. */
	readonly texts?: readonly string[];
}

export interface EngineTrialReport {
	/** Of the load or the call, whichever failed; null where neither did. */
	readonly code: ErrorCode | null;
	readonly message: string;
	/** In the end. */
	readonly status: EngineStatus;
	/** What a language model wrote. */
	readonly text: string;
	readonly vectors: readonly Float32Array[];
	/** What this worker has fetched. */
	readonly urls: readonly string[];
	readonly isolated: boolean;
}
