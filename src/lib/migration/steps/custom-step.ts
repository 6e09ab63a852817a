import { AppError } from '../../core/errors.ts';
import type { StepDefinition } from '../define-migration-step.ts';
import type { MigrationStep } from '../migration-step.ts';

/** Runs the step of that name. Errors: `migration/unknown-step` when this version of the app has none. */
export function customStep(definitions: readonly StepDefinition[]): MigrationStep<'custom'> {
	const find = (name: string): StepDefinition | undefined =>
		definitions.find((definition) => definition.name === name);
	const known = (name: string, title: string): StepDefinition => {
		const definition = find(name);
		if (!definition) throw new AppError('migration/unknown-step', { details: { title } });
		return definition;
	};
	return {
		async do({ name, title, params }, run) {
			await known(name, title).do(params, run);
		},

		async verify({ name, title, params }, run) {
			return known(name, title).verify(params, run);
		},

		async undo({ name, params }, run) {
			// Going back must always be possible, also for a version that does not know the step any more.
			await find(name)?.undo(params, run);
		}
	};
}
