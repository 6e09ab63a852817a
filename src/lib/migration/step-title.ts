import type { MigrationPlan, PlannedStep } from './plan.ts';

/** What a step does, for people. */
export function titleOf(step: PlannedStep, { to }: Pick<MigrationPlan, 'to'>): string {
	switch (step.kind) {
		case 'preflight':
			return 'Check that there is still room, and nothing has changed';
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
		case 'compare-answers':
			return `Compare the answers of ${step.params.from.name} and ${step.params.to.name}`;
		case 'check-adapters':
			return `Check your adapters with ${step.params.spec.name}`;
		case 'custom':
			return step.params.title;
		case 'switch':
			return 'Switch to the new setup';
	}
}
