import { hasCode } from '../core/errors.ts';
import type { PlanId } from '../core/ids.ts';
import type { EngineChoice, SetupRecord } from '../core/setup.ts';
import type { MigrationController } from '../migration/migration-controller.ts';
import type { SetupRepository } from '../migration/setup-repository.ts';
import { engineOnTrial, sameChoice } from './engine-on-trial.ts';
import type { EngineRole } from './engine-pool.ts';
import type { SafeMode } from './safe-mode.ts';

const roles: readonly EngineRole[] = ['chat', 'embedding'];

interface Parts {
	readonly safeMode: Pick<SafeMode, 'blocks' | 'tried'>;
	readonly setup: Pick<SetupRepository, 'read' | 'countStart' | 'uncountStart' | 'reportGoodStart'>;
	/** Goes back to the old setup when too many starts have failed. */
	readonly reportFailedStart: MigrationController['reportFailedStart'];
}

/**
 * Counts the starts of engines on trial, on disk and before they begin, so that a start that kills the tab counts.
 * The two engines of one upgrade start together and count as one start, which is good when both are. An engine that
 * stands in for one on trial, or is tried in one chat alone, does not count; nor does anything but the user's own tries
 * while one on trial is held back by safe mode.
 */
export class TrialStarts {
	readonly #parts: Parts;
	/** Roles whose last start in this tab has not turned out well, of the trial of that plan. */
	readonly #unproven = new Set<EngineRole>();
	#planId: PlanId | null = null;
	#counted: Promise<unknown> = Promise.resolve();

	constructor(parts: Parts) {
		this.#parts = parts;
	}

	/** True while that engine is in use on trial in that role. */
	async concerns(role: EngineRole, choice: EngineChoice): Promise<boolean> {
		return isOnTrial(await this.#parts.setup.read(), role, choice);
	}

	/** Before each start of an engine in use; the load may begin when this has resolved. True when the start counts. */
	async begin(role: EngineRole, choice: EngineChoice): Promise<boolean> {
		const record = await this.#parts.setup.read();
		if (!record?.trial || !isOnTrial(record, role, choice)) return false;
		if (this.#isHeldBack(record) && !this.#parts.safeMode.tried(role)) return false;
		this.#follow(record.trial.planId);
		const again = this.#unproven.has(role);
		if (again || this.#unproven.size === 0) this.#counted = this.#parts.setup.countStart();
		this.#unproven.add(role);
		await this.#counted;
		return true;
	}

	/** After each load that went well. */
	async succeeded(role: EngineRole, choice: EngineChoice): Promise<void> {
		const record = await this.#parts.setup.read();
		if (!record || !this.#unproven.has(role) || !isOnTrial(record, role, choice)) return;
		this.#unproven.delete(role);
		if (this.#unproven.size > 0 || this.#isHeldBack(record)) return;
		await this.#parts.setup.reportGoodStart();
	}

	/** After a start that counted and was given up: it says nothing of the engine. */
	async givenUp(role: EngineRole): Promise<void> {
		if (!this.#unproven.delete(role) || this.#unproven.size > 0) return;
		await this.#parts.setup.uncountStart();
	}

	/** After a start that failed. Resolves when the old setup is back, where it was one too many. */
	async failed(role: EngineRole, choice: EngineChoice, error: unknown): Promise<void> {
		if (hasCode(error, 'cancelled') || !(await this.concerns(role, choice))) return;
		try {
			await this.#parts.reportFailedStart();
		} catch {
			// What the caller should hear is why the engine did not load. Going back is tried again at the next start.
		}
	}

	/** True while one of the engines on trial is not loaded at all. */
	#isHeldBack(record: SetupRecord): boolean {
		return roles.some((role) => {
			const choice = record.current[role];
			return isOnTrial(record, role, choice) && this.#parts.safeMode.blocks(role, choice);
		});
	}

	#follow(planId: PlanId): void {
		if (planId !== this.#planId) this.#unproven.clear();
		this.#planId = planId;
	}
}

function isOnTrial(
	record: SetupRecord | undefined,
	role: EngineRole,
	choice: EngineChoice
): boolean {
	return (
		record !== undefined && engineOnTrial(record, role) && sameChoice(record.current[role], choice)
	);
}
