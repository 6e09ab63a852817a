import type { BaseIdentity } from '../adapters/base-identity.ts';
import type { ModelId } from '../core/ids.ts';
import { isNamedAlike } from './adapter-import/is-named-alike.ts';

/** A model, and what tells which base it is a copy of. */
export interface ModelCopy {
	readonly id: ModelId;
	/** What it is called, and where it was published. */
	readonly names: readonly string[];
	/** Null where the model is not on this device, or does not tell. */
	readonly identity: BaseIdentity | null;
}

/** Different conversions of a model agree on these. */
const traits = [
	...['architecture', 'hiddenSize', 'layers', 'heads'],
	...['keyValueHeads', 'intermediateSize', 'vocabulary']
] as readonly (keyof BaseIdentity)[];

/**
 * For each model the first of the list that is a copy of the same base, such as another quantisation of it or the same for
 * another runtime; itself where that is not known.
 */
export function modelBases(models: readonly ModelCopy[]): ReadonlyMap<ModelId, ModelId> {
	return new Map(
		models.map((model) => [
			model.id,
			models.find((other) => isSameBase(other, model))?.id ?? model.id
		])
	);
}

/** A base and what was trained on from it have the same sizes: only together with a name they tell. */
function isSameBase(one: ModelCopy, other: ModelCopy): boolean {
	if (one.id === other.id) return true;
	const [a, b] = [one.identity, other.identity];
	if (!a || !b || !traits.every((trait) => a[trait] !== null && a[trait] === b[trait]))
		return false;
	const readAlike = a.tokenizer === null || b.tokenizer === null || a.tokenizer === b.tokenizer;
	return (
		readAlike && one.names.some((name) => other.names.some((each) => isNamedAlike(name, each)))
	);
}
