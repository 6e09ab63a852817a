import type { AdapterId } from '../core/ids.ts';
import type { LoraModule } from './lora-module.ts';

/** An adapter that is read and verified, ready to be worked into a model. */
export interface AppliedAdapter {
	readonly id: AdapterId;
	/** For messages. */
	readonly name: string;
	/** Multiplies the scale of every module. */
	readonly strength: number;
	readonly modules: readonly LoraModule[];
}
