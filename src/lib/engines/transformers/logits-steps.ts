import { LogitsProcessor, LogitsProcessorList, type Tensor } from '@huggingface/transformers';

/** Looks at the logits of the next token, or writes into them. */
export type LogitsStep = (logits: Float32Array) => void;

/** Steps that the runtime takes for each token, in this order and after its own (penalties, temperature). */
export function logitsSteps(steps: readonly LogitsStep[]): LogitsProcessorList {
	const list = new LogitsProcessorList();
	for (const step of steps) list.push(new StepProcessor(step));
	return list;
}

class StepProcessor extends LogitsProcessor {
	readonly #step: LogitsStep;

	constructor(step: LogitsStep) {
		super();
		this.#step = step;
	}

	/** One text at a time. */
	override _call(_texts: bigint[][], logits: Tensor): Tensor {
		this.#step(logits.data as Float32Array);
		return logits;
	}
}
