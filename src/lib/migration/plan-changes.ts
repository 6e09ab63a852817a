import type { ModelSpec } from '../core/model-spec.ts';
import type { EngineChoice } from '../core/setup.ts';
import { nextIndexSpec } from './next-index-spec.ts';
import type { Changes, IndexChange, PlannableModel, UpgradeRequest } from './upgrade-request.ts';

/** What is chosen and not in use already. */
export function changesOf(request: UpgradeRequest): Changes {
	const { choice, catalog, setup } = request;
	const changed = (id: string | null, present: EngineChoice): PlannableModel | null => {
		const model = catalog.find((entry) => entry.id === id);
		return model && !isSameModel(model, present) ? model : null;
	};
	const embedding = changed(choice.embedding, setup.embedding);
	return {
		chat: changed(choice.chat, setup.chat),
		embedding,
		index: indexChange(request, embedding)
	};
}

/** The model that a setup names, as it is offered now. */
export function modelInUse(
	catalog: readonly PlannableModel[],
	choice: EngineChoice
): PlannableModel | null {
	return catalog.find((model) => isSameModel(model, choice)) ?? null;
}

function isSameModel(model: ModelSpec, present: EngineChoice): boolean {
	return (
		model.id === present.model &&
		model.engine === present.engine &&
		model.revision === present.revision
	);
}

function indexChange(
	{ catalog, setup, choice, presentIndex = null, newIndexId, rebuilds }: UpgradeRequest,
	embedding: PlannableModel | null
): IndexChange | null {
	const model = embedding ?? modelInUse(catalog, setup.embedding);
	if (!model || newIndexId === null) return null;
	const wanted = { present: presentIndex, model, isNew: embedding !== null, wish: choice.index };
	const spec = nextIndexSpec(wanted, rebuilds);
	return spec && { model, spec, id: newIndexId };
}
