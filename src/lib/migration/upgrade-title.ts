import type { MigrationPlan } from './plan.ts';

/** What an upgrade changed, in a line: `Chat: Starter 1 → Starter 2 · Search: …`. */
export function upgradeTitle({
	from,
	to,
	steps
}: Pick<MigrationPlan, 'from' | 'to' | 'steps'>): string {
	const changes: string[] = [];
	if (from.chat.model !== to.chat.model) changes.push(`Chat: ${from.chat.name} → ${to.chat.name}`);
	const build = steps.find((step) => step.kind === 'build-index');
	if (from.embedding.model !== to.embedding.model) {
		changes.push(`Search: ${from.embedding.name} → ${to.embedding.name}`);
	} else if (from.index !== to.index) {
		const size = build?.params.indexSpec.chunker.size;
		const rebuilt = build === undefined || (build.params.indexSpec.generation ?? 0) > 0;
		changes.push(rebuilt ? 'Index rebuilt' : `Passages of ${size} characters`);
	}
	return changes.join(' · ') || 'Nothing changed';
}
