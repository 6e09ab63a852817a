import type { ModelSpec } from '../core/model-spec.ts';

/** Whether adapters can be worked into a model, whatever the adapter. */
export type AdapterSupport =
	| { readonly ok: true; readonly by: 'graph' | 'weights' }
	| {
			readonly ok: false;
			/** A clause, small and without a full stop: `{model} cannot take adapters: {reason}.` */
			readonly reason: string;
			/** A whole sentence: the one thing to do. */
			readonly instead: string;
	  };

type Subject = Pick<ModelSpec, 'engine' | 'dtype' | 'files' | 'name' | 'tasks'>;

/** Number formats of ONNX files whose linear layers keep a name and a place that a side branch can be put beside. */
const graphFormats: readonly string[] = ['fp32', 'fp16', 'q4', 'q4f16', 'q8', 'int8', 'uint8'];

/** By what its files are: the same engine may run either kind. */
export function adapterSupport(model: Subject): AdapterSupport {
	const { engine, tasks, files } = model;
	if (!tasks.includes('generate')) {
		return no('it writes no answers', 'Use the adapter with a model that chats.');
	}
	if (files.some(({ path }) => path.endsWith('.onnx'))) return graphSupport(model);
	if (files.some(({ path }) => path.endsWith('mlc-chat-config.json'))) return weightSupport(model);
	if (engine === 'remote') {
		return no(
			'its weights are on your server, not on this device',
			'Load the adapter in the server itself; vLLM and llama.cpp can.'
		);
	}
	if (files.length === 0) {
		return no(
			'it has no weights that an adapter could change',
			'Upgrade to the language model that the adapter was trained on.'
		);
	}
	return no(
		'its files are neither ONNX nor MLC',
		'Use a variant of the same model for Transformers.js.'
	);
}

function graphSupport({ dtype, files }: Subject): AdapterSupport {
	if (files.filter(({ path }) => path.endsWith('.onnx')).length > 1) {
		return no(
			'it is made of several graphs',
			'Use a variant of the same model that comes as one graph.'
		);
	}
	if (dtype === null || graphFormats.includes(dtype)) return { ok: true, by: 'graph' };
	return no(
		`its number format ${dtype} is not one that SAM can put a side branch beside`,
		'Use the same model as fp32, fp16, q4 or q4f16.'
	);
}

/** What to do with an adapter for a model whose weights are rounded: a whole sentence. */
export const insteadOfRounded =
	'Use the ONNX variant of the same model, which takes adapters as they are, or a variant for WebLLM whose weights are not rounded (q0f16, q0f32).';

/** MLC numbers its quantisations: `q4f16_1`; `q0` is none. */
function weightSupport({ dtype }: Subject): AdapterSupport {
	if (dtype !== null && /^q0f(16|32)$/.test(dtype)) return { ok: true, by: 'weights' };
	const bits = /^q([1-9])/.exec(dtype ?? '')?.[1];
	return no(
		bits
			? `WebLLM has its weights rounded to ${bits} bits. To add the adapter they would have to be widened, changed and rounded again, and that rounds most of the adapter’s small change away`
			: 'SAM cannot tell in which number format WebLLM has its weights',
		insteadOfRounded
	);
}

function no(reason: string, instead: string): AdapterSupport {
	return { ok: false, reason, instead };
}
