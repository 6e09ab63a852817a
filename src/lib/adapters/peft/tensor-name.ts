import { clip } from './clip.ts';
import { notPeft, unsupported } from './refusals.ts';

export interface TensorName {
	/** `model.layers.0.self_attn.q_proj` */
	readonly module: string;
	readonly half: 'a' | 'b';
}

const prefix = 'base_model.model.';
/** PEFT leaves the adapter's name out when it saves; some tools leave its `default` in. */
const halves = [
	['.lora_A.weight', 'a'],
	['.lora_B.weight', 'b'],
	['.lora_A.default.weight', 'a'],
	['.lora_B.default.weight', 'b']
] as const;

/** Which half of which module a tensor is. Errors: `adapter/unsupported`, `adapter/not-peft`. */
export function readTensorName(name: string): TensorName {
	for (const [ending, half] of halves) {
		if (!name.endsWith(ending)) continue;
		const module = withoutPrefix(name).slice(0, -ending.length);
		if (!/^[\w-]+(\.[\w-]+)*$/.test(module)) break;
		return { module, half };
	}
	throw refusal(name);
}

function refusal(name: string): Error {
	if (/\.lora_embedding_[AB](\.|$)/.test(name))
		return unsupported('LoRA of the word embeddings', 'Train it without embed_tokens as a target.');
	if (/\.lora_magnitude_vector(\.|$)/.test(name))
		return unsupported('DoRA', 'Train it again with use_dora off.');
	// PEFT saves the layer itself beside its LoRA, where the targets name the words or the output.
	if (name.endsWith('.base_layer.weight'))
		return unsupported(
			`a layer of the base model beside the LoRA of it (${clip(withoutPrefix(name))})`,
			'Save it again: save_pretrained of PEFT leaves that out with save_embedding_layers=False. Or train it without lm_head and embed_tokens as targets.'
		);
	if (name.endsWith('.bias')) return unsupported('retrained biases', 'Train it with bias "none".');
	if (name.startsWith(prefix) && !name.includes('lora_'))
		return unsupported(
			`whole retrained layers (${clip(withoutPrefix(name))})`,
			'Train it without modules_to_save and without new words, or merge it into its base model.'
		);
	return notPeft(`${clip(name)} is no part of a LoRA adapter`);
}

function withoutPrefix(name: string): string {
	return name.startsWith(prefix) ? name.slice(prefix.length) : name;
}
