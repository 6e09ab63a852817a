import { AppError } from '../core/errors.ts';
import type { ModelId } from '../core/ids.ts';
import type { ModelSpec } from '../core/model-spec.ts';
import type { EngineChoice } from '../core/setup.ts';

interface Parts {
	/** Models that come with the app. */
	readonly builtIn: readonly ModelSpec[];
	/** The spec frozen into an installed model's manifest. */
	readonly installed: (model: ModelId) => Promise<ModelSpec | null>;
}

/** Finds what an engine must know of the model that a setup names. Needs no catalog, so it works offline for ever. */
export class ModelDirectory {
	readonly #parts: Parts;

	constructor(parts: Parts) {
		this.#parts = parts;
	}

	/** Errors: `library/not-installed` when the model, at that revision, is not on this device. */
	async spec(choice: Pick<EngineChoice, 'model' | 'revision' | 'name'>): Promise<ModelSpec> {
		const spec =
			this.#parts.builtIn.find((model) => model.id === choice.model) ??
			(await this.#parts.installed(choice.model));
		if (spec?.revision !== choice.revision) {
			throw new AppError('library/not-installed', { details: { model: choice.name } });
		}
		return spec;
	}
}

/** The choice that a setup records for a model. */
export function choiceOf(spec: ModelSpec): EngineChoice {
	return { engine: spec.engine, model: spec.id, revision: spec.revision, name: spec.name };
}
