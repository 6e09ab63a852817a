import { hasCode } from '../../core/errors.ts';
import type { ModelSpec } from '../../core/model-spec.ts';
import { manifestStore } from '../../library/library-api.ts';
import type { SetupRepository } from '../../migration/setup-repository.ts';
import type { RecordStore } from '../../ports/record-store.ts';
import type { ModelDirectory } from '../model-directory.ts';

/** A model of this device that writes answers. */
export interface ChatModel {
	readonly spec: ModelSpec;
	/** Where it was published, `owner/name`; null where that is not known. */
	readonly repository: string | null;
	/** True for the chat engine of the setup. */
	readonly inUse: boolean;
}

interface Parts {
	readonly records: RecordStore;
	readonly setup: Pick<SetupRepository, 'read'>;
	readonly directory: Pick<ModelDirectory, 'spec'>;
}

/** The one in use first, wherever it runs; then all others whose files are on this device. */
export async function chatModels({ records, setup, directory }: Parts): Promise<ChatModel[]> {
	const manifests = await records.list(manifestStore);
	const models = manifests
		.filter(({ spec }) => spec.tasks.includes('generate'))
		.map(({ spec, about }) => ({ spec, repository: about?.source?.repository ?? null }));
	const chat = (await setup.read())?.current.chat;
	const inUse = chat && (await directory.spec(chat).catch(nullIfGone));
	if (!inUse) return models.map((model) => ({ ...model, inUse: false }));
	const isInUse = ({ spec }: { readonly spec: ModelSpec }): boolean => spec.id === inUse.id;
	return [
		{ spec: inUse, repository: models.find(isInUse)?.repository ?? null, inUse: true },
		...models.filter((model) => !isInUse(model)).map((model) => ({ ...model, inUse: false }))
	];
}

/** Nothing can be said of a model that is gone. */
function nullIfGone(error: unknown): null {
	if (hasCode(error, 'library/not-installed') || hasCode(error, 'remote/not-found')) return null;
	throw error;
}
