/**
 * Name of the module that a node or its weights come from, dotted as PEFT writes it; null where neither tells. Names of
 * nodes are paths of modules with the operation at their end, those of weights end in the kind of weight.
 */
export function moduleName(node: string, weight: string): string | null {
	const path = node.split('/').filter((step) => step !== '');
	if (path.length > 1) return path.slice(0, -1).join('.');
	// A single word is no module, but the number of a node.
	return moduleOfTensor(weight) ?? (node.includes('.') ? moduleOfTensor(`${node}.weight`) : null);
}

/** `model.layers.0.attn.q_proj.MatMul.weight_Q4`, `….MatMulNBits.qweight`, `….weight_quantized`, `….weight`. */
const tensor = /^(\w+(?:\.\w+)*?)(?:\.(?:MatMul|Gemm)\w*)?\.q?weight(?:[._]\w+)*$/;

function moduleOfTensor(name: string): string | null {
	return tensor.exec(name)?.[1] ?? null;
}

/** What some exporters call by another name than the model's authors. */
const otherNames: readonly (readonly [RegExp, string])[] = [
	[/\.attn\./, '.self_attn.'],
	[/\.self_attn\.(?:dense|out_proj)$/, '.self_attn.o_proj'],
	[/\.feed_forward\.w1$/, '.mlp.gate_proj'],
	[/\.feed_forward\.w3$/, '.mlp.up_proj'],
	[/\.feed_forward\.w2$/, '.mlp.down_proj']
];

/** The same for all names of one module. */
export function plainName(module: string): string {
	return otherNames.reduce((name, [other, usual]) => name.replace(other, usual), module);
}

/** Parts beside the language model, with layers of the same names. */
const beside = /(?:^|\.)(?:vision|visual|image|audio|speech|mtp)\w*\./;

/**
 * The part of a module's name that does not depend on what it is wrapped in: `layers.0.self_attn.q_proj`, whether in
 * `model`, `model.language_model` or nothing. All of it for what is not in the language model itself.
 */
export function innerName(module: string): string {
	if (beside.test(module)) return module;
	return /(?:^|\.)(\w+\.\d+\..*)$/.exec(module)?.[1] ?? module.slice(module.lastIndexOf('.') + 1);
}
