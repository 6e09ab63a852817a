import { hasCode } from '../core/errors.ts';
import type { ModelSpec } from '../core/model-spec.ts';
import type { EngineChoice, Setup, SetupRecord } from '../core/setup.ts';
import type { BaseModelEngine } from '../engines/base-model-engine.ts';
import type { MigrationController } from '../migration/migration-controller.ts';
import type { SetupRepository } from '../migration/setup-repository.ts';
import { activeSetup } from './active-setup.ts';
import { engineOnTrial, sameChoice } from './engine-on-trial.ts';
import type { EnginePool, EngineRole } from './engine-pool.ts';

/** An engine that is loaded, and the setup that it was loaded for: its vectors belong to that setup's index. */
export interface EngineInUse {
	readonly engine: BaseModelEngine;
	readonly setup: Setup;
}

interface Parts {
	readonly setup: Pick<SetupRepository, 'read'>;
	readonly spec: (choice: EngineChoice) => Promise<ModelSpec>;
	readonly pool: Pick<EnginePool, 'use'>;
	readonly controller: Pick<MigrationController, 'reportFailedStart'>;
}

/**
 * The engines that the active setup names, loaded when they are asked for. An engine on trial whose load fails for
 * the third time brings the old setup back; then, as after any change of the setup meanwhile, the engine that is in
 * use now is loaded instead, once.
 */
export class EnginesInUse {
	readonly #parts: Parts;

	constructor(parts: Parts) {
		this.#parts = parts;
	}

	/** Errors: those of `EnginePool.use`, `library/not-installed`, `storage/missing` before the first setup. */
	async get(role: EngineRole): Promise<EngineInUse> {
		const record = await activeSetup(this.#parts.setup);
		try {
			return await this.#load(role, record.current);
		} catch (error) {
			await this.#report(role, record, error);
			const { current } = await activeSetup(this.#parts.setup);
			if (sameChoice(current[role], record.current[role])) throw error;
			return this.#load(role, current);
		}
	}

	async #load(role: EngineRole, setup: Setup): Promise<EngineInUse> {
		const engine = await this.#parts.pool.use(role, await this.#parts.spec(setup[role]));
		return { engine, setup };
	}

	async #report(role: EngineRole, record: SetupRecord, error: unknown): Promise<void> {
		if (hasCode(error, 'cancelled') || !engineOnTrial(record, role)) return;
		try {
			await this.#parts.controller.reportFailedStart();
		} catch {
			// What the caller should hear is why the engine did not load. Going back is tried again at the next start.
		}
	}
}
