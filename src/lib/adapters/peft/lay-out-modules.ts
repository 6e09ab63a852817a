import { clip } from './clip.ts';
import type { LoraLayout } from './lora-layout.ts';
import type { PeftConfig } from './peft-config.ts';
import { notPeft, unsupported } from './refusals.ts';
import type { TensorEntry } from './safetensors-header.ts';
import { readTensorName } from './tensor-name.ts';

const maxScale = 1e6;

interface Halves {
	readonly a?: TensorEntry;
	readonly b?: TensorEntry;
}

/**
 * Pairs the tensors of an adapter and checks that each pair fits together and to the configuration. Which modules there
 * are is told by the tensors alone: `target_modules` says what was to be trained, the tensors are what was, and to run a
 * stranger's regular expression over them could take for ever and prove nothing. Errors: `adapter/not-peft`,
 * `adapter/unsupported`.
 */
export function layOutModules(
	config: PeftConfig,
	tensors: readonly TensorEntry[]
): readonly LoraLayout[] {
	const modules = new Map<string, Halves>();
	for (const tensor of tensors) {
		const { module, half } = readTensorName(tensor.name);
		const halves = modules.get(module) ?? {};
		if (halves[half]) throw notPeft(`it names ${clip(tensor.name)} twice`);
		modules.set(module, { ...halves, [half]: tensor });
	}
	if (modules.size === 0) throw notPeft('it holds no weights');
	return [...modules].map(([module, halves]) => layOut(config, module, halves));
}

function layOut(config: PeftConfig, module: string, { a, b }: Halves): LoraLayout {
	const name = clip(module);
	if (!a || !b) throw notPeft(`${name} has only one of its two halves, lora_${a ? 'A' : 'B'}`);
	const [rank, inSize] = matrixOf(name, a);
	const [outSize, otherRank] = matrixOf(name, b);
	if (rank !== otherRank)
		throw notPeft(`the two halves of ${name} have different ranks, ${rank} and ${otherRank}`);
	if (rank === 0 || inSize === 0 || outSize === 0)
		throw notPeft(`${name} has rank 0, so that there is nothing in it`);
	const told = config.rankOf(module);
	if (rank !== told)
		throw notPeft(`${name} has rank ${rank}, but adapter_config.json says ${told}`);
	const scale = config.alphaOf(module) / (config.rankStabilised ? Math.sqrt(rank) : rank);
	// The numbers are finite; with such a scale their product would not be.
	if (Math.abs(scale) > maxScale) throw notPeft(`the lora_alpha of ${name} is far too large`);
	return { module, rank, inSize, outSize, scale, tensorA: a.name, tensorB: b.name };
}

function matrixOf(name: string, { shape }: TensorEntry): [number, number] {
	const [rows, columns] = shape;
	if (rows === undefined || columns === undefined || shape.length !== 2)
		throw unsupported(
			`a layer that is not linear (${name} has ${shape.length} dimensions)`,
			'Train it with linear layers only as targets.'
		);
	return [rows, columns];
}
