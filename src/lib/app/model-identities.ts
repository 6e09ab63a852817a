import type { BaseIdentity } from '../adapters/base-identity.ts';
import { readBaseIdentity } from '../adapters/read-base-identity.ts';
import type { ModelId } from '../core/ids.ts';
import type { ModelStore } from '../library/store/model-store.ts';

const tokenizerPath = 'tokenizer.json';

/**
 * Which base an installed model is; null for one that is not on this device, or does not tell. What has been read is kept:
 * the bytes of a model never change. Errors: those of the model's files.
 */
export class ModelIdentities {
	readonly #store: Pick<ModelStore, 'manifest' | 'files'>;
	readonly #known = new Map<ModelId, BaseIdentity | null>();

	constructor(store: Pick<ModelStore, 'manifest' | 'files'>) {
		this.#store = store;
	}

	async of(model: ModelId): Promise<BaseIdentity | null> {
		const known = this.#known.get(model);
		if (known !== undefined) return known;
		const manifest = await this.#store.manifest(model);
		if (!manifest) return null;
		const tokenizer = manifest.files.find(({ path }) => path === tokenizerPath)?.sha256 ?? null;
		const identity = await readBaseIdentity(await this.#store.files(model), tokenizer);
		this.#known.set(model, identity);
		return identity;
	}
}
