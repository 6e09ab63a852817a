import type { PlanId } from '../core/ids.ts';
import type { Json } from '../core/json.ts';
import type { StepRun } from '../migration/migration-step.ts';
import type { MigrationPlan } from '../migration/plan.ts';
import type { RecordStore } from '../ports/record-store.ts';
import { setupWith } from './setup-with.ts';

const barePlan = {
	id: 'plan-1' as PlanId,
	...{ from: setupWith('1', '1'), to: setupWith('2', '1') }
} as MigrationPlan;

/** What a step is run with outside of an upgrade: its checkpoints are kept here, what goes with them in the store. */
export class TestStepRun implements StepRun {
	readonly plan: MigrationPlan;
	readonly verified = false;
	readonly urged = new AbortController().signal;
	readonly abort = new AbortController();
	readonly reports: (readonly [done: number, total: number])[] = [];
	checkpoint: Json | undefined;
	readonly #records: RecordStore;

	constructor(records: RecordStore, plan = barePlan) {
		this.#records = records;
		this.plan = plan;
	}

	get signal(): AbortSignal {
		return this.abort.signal;
	}

	readonly save: StepRun['save'] = async (checkpoint, alongside = []) => {
		if (alongside.length > 0) await this.#records.commit(alongside);
		this.checkpoint = checkpoint;
	};

	readonly progress: StepRun['progress'] = (done, total) => {
		this.reports.push([done, total]);
	};

	readonly speed: StepRun['speed'] = () => 'full';
	readonly holding: StepRun['holding'] = () => undefined;
}
