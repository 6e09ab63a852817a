/** What conversions for a runtime add to the name of a model. */
const conversion = /[-_ ](onnx([-_]\w+)*|q\d\w*([-_]mlc)?|mlc|bnb[-_]4bit|gguf|fp16|fp32)$/i;

/**
 * Whether both names are of the same base model, as far as names can tell: owners, conversions and the way of writing do
 * not count. `Qwen/Qwen3-0.6B` and `onnx-community/Qwen3-0.6B-ONNX` are; `Llama-3.2-1B` and `Llama-3.2-1B-Instruct` are not.
 */
export function isNamedAlike(one: string, other: string): boolean {
	const core = coreOf(one);
	return core !== '' && core === coreOf(other);
}

function coreOf(name: string): string {
	let core = name.split(/[/\\]/).findLast(Boolean) ?? '';
	while (conversion.test(core)) core = core.replace(conversion, '');
	return core.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}
