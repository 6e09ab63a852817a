import type { BaseIdentity } from '../adapters/base-identity.ts';
import type { ModelId } from '../core/ids.ts';
import type { EngineChoice } from '../core/setup.ts';
import { manifestStore } from '../library/library-api.ts';
import type { RecordStore } from '../ports/record-store.ts';
import { modelBases } from './model-bases.ts';

interface Parts {
	readonly records: RecordStore;
	/** Null where nobody can tell. */
	readonly identityOf: (model: ModelId) => Promise<BaseIdentity | null>;
}

/** Which of the engines are copies of the same base, as far as this device knows; see `modelBases`. */
export async function basesOf(
	{ records, identityOf }: Parts,
	engines: readonly EngineChoice[]
): Promise<ReadonlyMap<ModelId, ModelId>> {
	const models = new Map(engines.map(({ model, name }) => [model, name]));
	const copies = [...models].map(async ([model, name]) => {
		const manifest = await records.get(manifestStore, model);
		const repository = manifest?.about?.source?.repository;
		const names = [name, manifest?.spec.name, repository].filter((each) => each !== undefined);
		// A model whose files cannot be read tells nothing.
		return { id: model, names, identity: await identityOf(model).catch(() => null) };
	});
	return modelBases(await Promise.all(copies));
}
