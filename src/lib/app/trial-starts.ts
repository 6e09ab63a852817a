import type { PlanId } from '../core/ids.ts';
import type { SetupRepository } from '../migration/setup-repository.ts';
import { engineOnTrial } from './engine-on-trial.ts';
import type { EngineRole } from './engine-pool.ts';

/**
 * Counts the starts of engines on trial, on disk and before they begin, so that a start that kills the tab counts.
 * The two engines of one upgrade start together and count as one start, which is good when both are.
 */
export class TrialStarts {
	readonly #setup: Pick<SetupRepository, 'read' | 'countStart' | 'reportGoodStart'>;
	/** Roles whose last start in this tab has not turned out well, of the trial of that plan. */
	readonly #unproven = new Set<EngineRole>();
	#planId: PlanId | null = null;
	#counted: Promise<unknown> = Promise.resolve();

	constructor(setup: Pick<SetupRepository, 'read' | 'countStart' | 'reportGoodStart'>) {
		this.#setup = setup;
	}

	/** Before each load of an engine in use; the load may begin when this has resolved. */
	async begin(role: EngineRole): Promise<void> {
		const record = await this.#setup.read();
		if (!record?.trial || !engineOnTrial(record, role)) return;
		this.#follow(record.trial.planId);
		const again = this.#unproven.has(role);
		if (again || this.#unproven.size === 0) this.#counted = this.#setup.countStart();
		this.#unproven.add(role);
		await this.#counted;
	}

	/** After each load that went well. */
	async succeeded(role: EngineRole): Promise<void> {
		if (!this.#unproven.delete(role) || this.#unproven.size > 0) return;
		await this.#setup.reportGoodStart();
	}

	#follow(planId: PlanId): void {
		if (planId !== this.#planId) this.#unproven.clear();
		this.#planId = planId;
	}
}
