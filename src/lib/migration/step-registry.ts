import type { MigrationStep, StepRun, Verdict } from './migration-step.ts';
import type { PlannedStep, StepKind, StepParams } from './plan.ts';

/** The step of each kind. */
export type StepRegistry = { readonly [Kind in StepKind]: MigrationStep<Kind> };

/** A step with its parameters filled in. */
export interface BoundStep {
	do(run: StepRun): Promise<void>;
	verify(run: StepRun): Promise<Verdict>;
	undo(run: StepRun): Promise<void>;
}

export function bindStep(registry: StepRegistry, planned: PlannedStep): BoundStep {
	return bind(registry, planned.kind, planned.params);
}

function bind<Kind extends StepKind>(
	registry: StepRegistry,
	kind: Kind,
	params: StepParams[Kind]
): BoundStep {
	const step = registry[kind];
	return {
		do: (run) => step.do(params, run),
		verify: (run) => step.verify(params, run),
		undo: (run) => step.undo(params, run)
	};
}
