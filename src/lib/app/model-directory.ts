import { AppError } from '../core/errors.ts';
import type { ModelId } from '../core/ids.ts';
import type { ModelSpec } from '../core/model-spec.ts';
import type { EngineChoice } from '../core/setup.ts';
import { leavesDevice } from '../engines/leaves-device.ts';

interface Parts {
	/** Models that come with the app. */
	readonly builtIn: readonly ModelSpec[];
	/** The spec frozen into an installed model's manifest. */
	readonly installed: (model: ModelId) => Promise<ModelSpec | null>;
	/** Models of the servers that the user has added. */
	readonly served: () => Promise<readonly ModelSpec[]>;
}

/** Finds what an engine must know of the model that a setup names. Needs no catalog, so it works offline for ever. */
export class ModelDirectory {
	readonly #parts: Parts;

	constructor(parts: Parts) {
		this.#parts = parts;
	}

	/**
	 * Errors: `library/not-installed` when the model, at that revision, is not on this device; `remote/not-found` when it
	 * is one of a server that the user no longer has.
	 */
	async spec(choice: EngineChoice): Promise<ModelSpec> {
		const { engine, model, revision, name } = choice;
		const spec = leavesDevice(engine) ? await this.#served(model) : await this.#here(model);
		if (spec?.revision === revision) return spec;
		if (leavesDevice(engine)) throw new AppError('remote/not-found', { details: { name } });
		throw new AppError('library/not-installed', { details: { model: name } });
	}

	async #here(id: ModelId): Promise<ModelSpec | null> {
		const { builtIn, installed } = this.#parts;
		return builtIn.find((model) => model.id === id) ?? (await installed(id));
	}

	async #served(id: ModelId): Promise<ModelSpec | null> {
		return (await this.#parts.served()).find((model) => model.id === id) ?? null;
	}
}

/** The choice that a setup records for a model. */
export function choiceOf(spec: ModelSpec): EngineChoice {
	return { engine: spec.engine, model: spec.id, revision: spec.revision, name: spec.name };
}
