import type { AdapterModule } from './adapter-records.ts';
import type { BaseIdentity } from './base-identity.ts';

/** A layer of the language model itself: what sees or hears beside it has sizes of its own, and so do experts. */
const layerName =
	/^(?:(?:model|language_model|text_model)\.)*layers\.(\d+)\.(?:self_attn|mlp)\.(\w+)$/;

/** Which sizes of the model a layer takes in and gives out; null where that differs between models. */
type Ends = readonly [taken: keyof BaseIdentity | null, given: keyof BaseIdentity | null];
const ends: ReadonlyMap<string, Ends> = new Map<string, Ends>([
	['q_proj', ['hiddenSize', null]],
	['k_proj', ['hiddenSize', null]],
	['v_proj', ['hiddenSize', null]],
	['qkv_proj', ['hiddenSize', null]],
	['o_proj', [null, 'hiddenSize']],
	['gate_proj', ['hiddenSize', 'intermediateSize']],
	['up_proj', ['hiddenSize', 'intermediateSize']],
	['gate_up_proj', ['hiddenSize', null]],
	['down_proj', ['intermediateSize', 'hiddenSize']]
]);
/** The side of attention that is shared out to heads, and to how many. */
const headed: ReadonlyMap<string, ['inSize' | 'outSize', 'heads' | 'keyValueHeads']> = new Map([
	['q_proj', ['outSize', 'heads']],
	['k_proj', ['outSize', 'keyValueHeads']],
	['v_proj', ['outSize', 'keyValueHeads']],
	['o_proj', ['inSize', 'heads']]
]);

/**
 * What in the sizes of an adapter cannot be true of the model, as two halves of a sentence; undefined where nothing is
 * known against it.
 */
export function sizeContradiction(
	modules: readonly AdapterModule[],
	identity: BaseIdentity
): { readonly has: string; readonly needs: string } | undefined {
	for (const { module, inSize, outSize } of modules) {
		const [, layer = '', part = ''] = layerName.exec(module) ?? [];
		if (layer === '') continue;
		if (identity.layers !== null && Number(layer) >= identity.layers)
			return {
				has: `it changes layer ${Number(layer) + 1}`,
				needs: `has ${identity.layers} layers`
			};
		const [taken, given] = (ends.get(part) ?? [null, null]).map((name) => sizeOf(identity, name));
		if (taken && taken !== inSize)
			return { has: `its ${part} takes ${inSize} numbers`, needs: `has ${taken} there` };
		if (given && given !== outSize)
			return { has: `its ${part} gives ${outSize} numbers`, needs: `has ${given} there` };
		const [side, count] = headed.get(part) ?? [];
		const heads = count && identity[count];
		const shared = side === 'inSize' ? inSize : outSize;
		if (heads && shared % heads !== 0)
			return {
				has: `its ${part} has ${shared} numbers`,
				needs: `shares them out to ${heads} heads`
			};
	}
	return undefined;
}

/** Null where it is not known, or not the same in all layers. */
function sizeOf(identity: BaseIdentity, name: keyof BaseIdentity | null): number | null {
	// Some of Gemma's layers are twice as wide inside as its configuration tells.
	if (name === 'intermediateSize' && identity.architecture?.startsWith('gemma')) return null;
	const size = name && identity[name];
	return typeof size === 'number' ? size : null;
}
