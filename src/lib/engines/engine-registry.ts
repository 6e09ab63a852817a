import { AppError } from '../core/errors.ts';
import type { BaseModelEngine } from './base-model-engine.ts';
import type { EngineDefinition } from './define-engine.ts';
import type { EngineInfo } from './engine-contract.ts';

/** The engines this build knows, by kind. */
export class EngineRegistry {
	readonly #definitions = new Map<string, EngineDefinition>();

	/** Two definitions of one kind are a mistake in the program: throws `bug`. */
	constructor(definitions: readonly EngineDefinition[]) {
		for (const definition of definitions) {
			const { kind } = definition.info;
			if (this.#definitions.has(kind)) {
				throw new AppError('bug', { details: { reason: `two engines named ${kind}` } });
			}
			this.#definitions.set(kind, definition);
		}
	}

	get kinds(): readonly string[] {
		return [...this.#definitions.keys()];
	}

	has(kind: string): boolean {
		return this.#definitions.has(kind);
	}

	/** Errors: `engine/unknown`. */
	info(kind: string): EngineInfo {
		return this.#definition(kind).info;
	}

	/** A fresh, unloaded engine. Errors: `engine/unknown`. */
	async make(kind: string): Promise<BaseModelEngine> {
		return this.#definition(kind).make();
	}

	#definition(kind: string): EngineDefinition {
		const definition = this.#definitions.get(kind);
		if (!definition) throw new AppError('engine/unknown', { details: { engine: kind } });
		return definition;
	}
}
