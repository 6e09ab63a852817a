import type { FrozenModel } from '../library/frozen-model.ts';
import type { ModelListing } from '../library/library-api.ts';
import type { PlannableModel } from '../migration/upgrade-request.ts';

/** What can be planned with: all that is known to the byte, these models included. */
export function catalogOf(
	listings: readonly ModelListing[],
	models: readonly FrozenModel[]
): PlannableModel[] {
	const known = listings.flatMap(({ frozen }) => (frozen ? [frozen] : []));
	const byId = new Map([...known, ...models].map((model) => [model.spec.id, model]));
	return [...byId.values()].map(plannable);
}

function plannable({
	spec,
	about: { entry, needs, parameters, licence }
}: FrozenModel): PlannableModel {
	return { ...spec, needs, parameters, licence: licence && { entry, ...licence } };
}
