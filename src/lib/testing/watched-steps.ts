import type { MigrationStep, Verdict } from '../migration/migration-step.ts';
import type { StepKind } from '../migration/plan.ts';
import type { StepRegistry } from '../migration/step-registry.ts';

export interface StepCall {
	/** Id of the step in its plan. */
	readonly step: string;
	readonly method: 'do' | 'verify' | 'undo';
	readonly when: 'before' | 'after';
}

/** Hears every call of a step before and after it; what it throws fails the step. */
export interface StepWatch {
	call(call: StepCall): void;
	/** True where the step is to deny what it has done. */
	denies(step: string): boolean;
}

/** The same steps, watched. */
export function watchedSteps(steps: StepRegistry, watch: StepWatch): StepRegistry {
	const watched = Object.entries(steps).map(([kind, step]) => [
		kind,
		// Each kind keeps its own parameters: only their identity matters here.
		watchedStep(step as MigrationStep<StepKind>, watch)
	]);
	return Object.fromEntries(watched) as StepRegistry;
}

function watchedStep(step: MigrationStep<StepKind>, watch: StepWatch): MigrationStep<StepKind> {
	type Run = Parameters<typeof step.do>[1];
	type Params = Parameters<typeof step.do>[0];
	const around = async <T>(
		[method, params, run]: readonly [StepCall['method'], Params, Run],
		work: () => Promise<T>
	): Promise<T> => {
		const id = run.plan.steps.find((planned) => planned.params === params)?.id ?? 'unknown';
		watch.call({ step: id, method, when: 'before' });
		const result = await work();
		watch.call({ step: id, method, when: 'after' });
		return result;
	};
	return {
		do: (params, run) => around(['do', params, run], () => step.do(params, run)),
		undo: (params, run) => around(['undo', params, run], () => step.undo(params, run)),
		verify: (params, run) =>
			around(['verify', params, run], async (): Promise<Verdict> => {
				const id = run.plan.steps.find((planned) => planned.params === params)?.id ?? 'unknown';
				return watch.denies(id) ? { done: false } : step.verify(params, run);
			})
	};
}
