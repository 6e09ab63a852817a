import type { Setup } from '../core/setup.ts';
import { indexIdOf } from '../knowledge/index-spec.ts';
import type { KnowledgeApi } from '../knowledge/knowledge-api.ts';
import { nextIndexSpec } from '../migration/next-index-spec.ts';
import { modelInUse } from '../migration/plan-changes.ts';
import type { PlannableModel, UpgradeRequest } from '../migration/upgrade-request.ts';

interface Facts {
	readonly setup: Setup;
	readonly catalog: readonly PlannableModel[];
	readonly wish: UpgradeRequest['choice'];
	/** How many chunks there are where there is no index to ask. */
	readonly chunks: () => Promise<number>;
}

type IndexFacts = Pick<
	UpgradeRequest,
	'presentIndex' | 'newIndexId' | 'rebuilds' | 'texts' | 'newTexts' | 'indexes'
>;

/** What a plan must know of the index in use, and of the one that the wish leads to. */
export async function plannedIndex(
	knowledge: Pick<KnowledgeApi, 'indexState' | 'textsWith'>,
	{ setup, catalog, wish, chunks }: Facts
): Promise<IndexFacts> {
	const state = await knowledge.indexState(setup.index);
	const presentIndex = state?.spec ?? null;
	const texts = state?.texts ?? (await chunks());
	const stays = { presentIndex, newIndexId: null, texts, indexes: new Map() };
	const inUse = modelInUse(catalog, setup.embedding);
	const model = catalog.find(({ id }) => id === wish.embedding) ?? inUse;
	if (!model) return stays;
	const wanted = { present: presentIndex, model, isNew: model !== inUse, wish: wish.index };
	for (let rebuilds = 0; ; rebuilds++) {
		const spec = nextIndexSpec(wanted, rebuilds);
		if (!spec) return stays;
		const newIndexId = await indexIdOf(spec);
		const there = await knowledge.indexState(newIndexId);
		// What has been built before is no rebuild.
		if (there && wish.index?.rebuild) continue;
		const cutsAnew = presentIndex !== null && spec.chunker.size !== presentIndex.chunker.size;
		return {
			...{ presentIndex, newIndexId, rebuilds, texts },
			indexes: new Map(there ? [[newIndexId, there]] : []),
			...(cutsAnew && { newTexts: await knowledge.textsWith(spec.chunker) })
		};
	}
}
