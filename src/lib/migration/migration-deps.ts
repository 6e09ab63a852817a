import type { Clock } from '../ports/clock.ts';
import type { Locks } from '../ports/locks.ts';
import type { MigrationJournal } from './journal.ts';
import type { IndexWorkshop } from './migration-ports.ts';
import type { SetupRepository } from './setup-repository.ts';
import type { StepRegistry } from './step-registry.ts';

/** What upgrades are run with. */
export interface MigrationDeps {
	readonly journal: MigrationJournal;
	readonly setup: SetupRepository;
	/** Asked for when an upgrade runs: most visits do without. */
	readonly steps: () => Promise<StepRegistry>;
	readonly workshop: Pick<IndexWorkshop, 'indexState' | 'retireIndex'>;
	readonly clock: Clock;
	readonly locks: Locks;
}
