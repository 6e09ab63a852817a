import type { AdapterMatch } from '../../core/adapter-match.ts';
import { AppError } from '../../core/errors.ts';
import type { AppliedAdapter } from '../applied-adapter.ts';
import { blameAdapter } from '../blame-adapter.ts';
import type { LoraModule } from '../lora-module.ts';
import type { NamedLayer } from '../named-layer.ts';
import { placeModule, type Placement, type PlacingModel } from './place-module.ts';
import type { BranchShare, SideBranch } from './side-branch.ts';

export interface BranchPlan<Layer extends NamedLayer> {
	/** One for each layer that changes. */
	readonly branches: readonly SideBranch<Layer>[];
	/** One for each adapter, in their order. */
	readonly matches: readonly AdapterMatch[];
}

/**
 * Which layers of a model the adapters change, and by what. An adapter of strength 0 is looked up and changes nothing.
 * `hint` says more where nothing is found. Errors, with the adapter's id as the detail `adapter`: `adapter/no-match`,
 * `adapter/wrong-shape`, `adapter/engine` also where a layer that is not found may be one that has lost its name.
 */
export function planBranches<Layer extends NamedLayer>(
	adapters: readonly AppliedAdapter[],
	model: PlacingModel<Layer>,
	hint: string
): BranchPlan<Layer> {
	const shares = new Map<Layer, BranchShare<Layer>[]>();
	const matches = adapters.map((adapter) => {
		let matched = 0;
		for (const module of adapter.modules) {
			const placements = placed(module, model, adapter);
			if (placements.length > 0) matched++;
			else refuseLost(module, model, adapter);
			const factor = module.scale * adapter.strength;
			if (factor === 0) continue;
			for (const placement of placements) {
				const share = { module, factor, placement };
				const others = shares.get(placement.layer);
				if (others) others.push(share);
				else shares.set(placement.layer, [share]);
			}
		}
		if (matched === 0) throw blameAdapter(noMatch(adapter, model, hint), adapter.id);
		return { adapter: adapter.id, matched, of: adapter.modules.length };
	});
	const branches = [...shares].map(([layer, of]) => ({
		...{ layer, shares: of },
		rank: of.reduce((sum, { module }) => sum + module.rank, 0)
	}));
	return { branches, matches };
}

function placed<Layer extends NamedLayer>(
	module: LoraModule,
	model: PlacingModel<Layer>,
	{ id, name }: AppliedAdapter
): readonly Placement<Layer>[] {
	try {
		return placeModule(module, model, name);
	} catch (error) {
		throw blameAdapter(error, id);
	}
}

/** Where a layer without a name may be the very one, the adapter would not be half of what it is by chance. */
function refuseLost(
	{ module, inSize, outSize }: LoraModule,
	{ name: engine, index }: PlacingModel,
	{ id }: AppliedAdapter
): void {
	if (!index.nameless.some((layer) => layer.inSize === inSize && layer.outSize === outSize)) return;
	const reason = `its layers have lost their names, so that nothing tells which of them is ${module}`;
	const instead = 'Use a variant of the same model that was exported or quantised in another way.';
	const error = new AppError('adapter/engine', { details: { engine, reason, instead } });
	throw blameAdapter(error, id);
}

function noMatch(
	{ name, modules }: AppliedAdapter,
	{ name: model, index }: PlacingModel,
	hint: string
): AppError {
	const wanted = modules[0] ? `it changes ${modules[0].module}` : 'it changes nothing';
	const found = index.example ? `has ${index.example}` : 'has no linear layer that SAM knows';
	const reason = `${wanted}, and the model ${found}${hint}`;
	return new AppError('adapter/no-match', { details: { name, model, reason } });
}
