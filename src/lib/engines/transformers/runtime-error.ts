import type { ErrorCode } from '../../core/error-code.ts';
import { AppError, toAppError } from '../../core/errors.ts';

/** The runtime has no error classes for these: only its words tell them apart. First match wins. */
const telling: readonly (readonly [RegExp, ErrorCode])[] = [
	[
		/device\]? (was |is )?(lost|destroyed)|external instance reference|lost.{0,20}device|device.{0,20}hung|device removed/i,
		'engine/device-lost'
	],
	[
		/shader-f16|does not support (fp16|the feature)|exceeds the (max|limit)/i,
		'engine/gpu-too-small'
	],
	[
		/out of memory|bad_alloc|alloc\w* failed|failed to (alloc|grow)|could not grow|\boom\b|Aborted\(|memory access out of bounds|storage size overflow|shape is too large|createBuffer|Invalid (typed )?array (buffer )?length/i,
		'engine/out-of-memory'
	],
	[/shader|wgsl|compute pipeline/i, 'engine/shader-failed'],
	[
		/Unsupported device: "webgpu"|GPU adapter|WebGPU is not (supported|available)/i,
		'engine/no-webgpu'
	],
	[/could not locate file|file was not found/i, 'storage/missing']
];

/** Words for a model that can be read, and yet not be understood. They mean something else once it has been loaded. */
const badModel =
	/ERROR_CODE: (7|9|10)\b|protobuf|invalid (model|graph)|No Op registered|Unsupported model|not implemented|JSON/i;

const longest = 300;

/**
 * An error of the runtime in the app's terms; `otherwise` where its words say nothing known. `name` is that of the
 * model, for the sentences that name it.
 */
export function runtimeError(error: unknown, otherwise: ErrorCode, name: string): AppError {
	const plain = toAppError(error, otherwise);
	if (plain.code !== otherwise || error instanceof AppError) return plain;
	const message = error instanceof Error ? error.message : String(error);
	const known = telling.find(([words]) => words.test(message))?.[1];
	const isBadModel = otherwise === 'engine/load-failed' && badModel.test(message);
	const code = known ?? (isBadModel ? 'engine/bad-model' : otherwise);
	const reason = reasonOf(message);
	return new AppError(code, { cause: error, details: { name, reason, what: reason } });
}

/** What the runtime says, to be put into a sentence: the last of the messages in it, without its places in the code. */
function reasonOf(message: string): string {
	const last = message
		.split(/(?:ERROR_MESSAGE|Status Message): |ONNXRuntimeError\] : \d+ : \w+ : /)
		.at(-1);
	const said = last?.trim().replace(/^\/\S+\.(?:cc|h):\d+ .*? was false\. /s, '') ?? '';
	const line = said.split('\n', 1)[0] ?? '';
	return line.slice(0, longest).replace(/[.\s]+$/, '');
}
