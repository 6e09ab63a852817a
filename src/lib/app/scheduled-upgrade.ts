import type { MigrationPlan } from '../migration/plan.ts';
import type { StoreOf } from '../ports/record-store.ts';
import type { StartCondition } from './start-condition.ts';
import type { EngineWish } from './upgrade-desk.ts';

/** An upgrade that is to start later. */
export interface ScheduledUpgrade {
	/** There is one at most. */
	readonly id: 'next';
	readonly version: 1;
	/** It is planned anew when it starts: texts and room may be others by then. */
	readonly wish: EngineWish;
	/** As the user has reviewed it. The upgrade gets its id and its options. */
	readonly plan: MigrationPlan;
	readonly when: StartCondition;
	readonly createdAt: number;
	/** Why it could not be started when it was time; null while it could. */
	readonly problem: ScheduleProblem | null;
}

export interface ScheduleProblem {
	/** A whole sentence. */
	readonly message: string;
	readonly advice: string;
	readonly at: number;
}

export const scheduledStore: StoreOf<ScheduledUpgrade, 'next'> = {
	name: 'scheduled',
	keyOf: (row) => row.id
};
