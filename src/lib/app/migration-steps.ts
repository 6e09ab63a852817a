import type { StepDefinition } from '../migration/define-migration-step.ts';

/** Steps in upgrades that are not SAM's own: add what `defineMigrationStep` has made. */
export const migrationSteps: readonly StepDefinition[] = [];
