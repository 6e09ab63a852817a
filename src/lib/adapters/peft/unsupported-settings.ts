import { clip } from './clip.ts';
import { unsupported } from './refusals.ts';

type Settings = Readonly<Record<string, unknown>>;

const leaveOut = (setting: string): string => `Train it again without ${setting}.`;

/** Settings of PEFT that change what an adapter computes, where they are set at all. */
const refused: Readonly<Record<string, { readonly what: string; readonly instead: string }>> = {
	use_dora: { what: 'DoRA', instead: 'Train it again with use_dora off.' },
	lora_bias: { what: 'retrained biases (lora_bias)', instead: leaveOut('lora_bias') },
	layer_replication: { what: 'repeated layers (layer_replication)', instead: leaveOut('it') },
	target_parameters: {
		what: 'LoRA of bare parameters (target_parameters)',
		instead: 'Train it with linear layers only as targets.'
	},
	trainable_token_indices: {
		what: 'retrained words (trainable_token_indices)',
		instead: leaveOut('trainable_token_indices')
	},
	alora_invocation_tokens: {
		what: 'a LoRA that begins in the middle of a text (alora_invocation_tokens)',
		instead: leaveOut('alora_invocation_tokens')
	},
	arrow_config: { what: 'a choice between adapters (arrow_config)', instead: leaveOut('it') },
	monteclora_config: { what: 'MonteCLoRA', instead: leaveOut('monteclora_config') },
	kasa_config: { what: 'KaSA', instead: leaveOut('kasa_config') },
	velora_config: { what: 'VeLoRA', instead: leaveOut('velora_config') }
};

/** Ways to begin the training that leave the base model as it is. All others move a part of it into the adapter. */
const harmlessStarts: readonly unknown[] = [true, false, 'gaussian', 'eva', 'orthogonal'];

/**
 * Refuses an `adapter_config.json` whose adapter computes more than its LoRA matrices tell. Errors:
 * `adapter/unsupported`, with the setting by name.
 */
export function refuseUnsupported(settings: Settings): void {
	const { peft_type: type, bias, modules_to_save: saved, init_lora_weights: start } = settings;
	if (type !== 'LORA')
		throw unsupported(`the method ${shown(type)}`, 'Train it again as a plain LoRA adapter.');
	if (isSet(bias) && bias !== 'none')
		throw unsupported(`retrained biases (bias ${shown(bias)})`, 'Train it with bias "none".');
	if (isSet(saved))
		throw unsupported(
			`whole retrained layers (modules_to_save: ${shown(saved)})`,
			'Train it without modules_to_save, or merge it into its base model and add that as a model.'
		);
	for (const [name, { what, instead }] of Object.entries(refused))
		if (isSet(settings[name])) throw unsupported(what, instead);
	// Each of these so far is another way to compute.
	for (const [name, value] of Object.entries(settings))
		if (name.startsWith('use_') && name !== 'use_rslora' && isSet(value))
			throw unsupported(`the setting ${clip(name)}`, 'Train it again as a plain LoRA adapter.');
	if (isSet(start) && !harmlessStarts.includes(start))
		throw unsupported(
			`weights that go with a changed base model (init_lora_weights ${shown(start)})`,
			'Save it as plain LoRA: save_pretrained of PEFT does so when path_initial_model_for_weight_conversion is given.'
		);
}

function isSet(value: unknown): boolean {
	if (value === undefined || value === null || value === false || value === '') return false;
	return typeof value !== 'object' || Object.keys(value).length > 0;
}

function shown(value: unknown): string {
	return clip(Array.isArray(value) ? value.map(word).join(', ') : word(value));
}

/** What lies deeper is not told: it may lie deeper than a function can call itself. */
function word(value: unknown): string {
	return typeof value === 'object' && value !== null ? '…' : String(value);
}
