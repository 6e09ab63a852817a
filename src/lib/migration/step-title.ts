import type { MigrationPlan, PlannedStep } from './plan.ts';

/** What a step does, for people. */
export function titleOf(step: PlannedStep, { to }: Pick<MigrationPlan, 'to'>): string {
	switch (step.kind) {
		case 'snapshot':
			return 'Save the present setup';
		case 'download': {
			const choice = [to.chat, to.embedding].find(({ model }) => model === step.params.model);
			return `Download ${choice?.name ?? step.params.model}`;
		}
		case 'canary':
			return `Check ${step.params.spec.name} as ${step.params.role} engine`;
		case 'build-index':
			return `Re-embed your documents with ${step.params.spec.name}`;
		case 'compare':
			return 'Compare the old and the new index';
		case 'custom':
			return step.params.title;
		case 'switch':
			return 'Switch to the new setup';
	}
}
