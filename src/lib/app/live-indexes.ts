import { hasCode } from '../core/errors.ts';
import type { EngineChoice } from '../core/setup.ts';
import type { ModelSpec } from '../core/model-spec.ts';
import { readJournal } from '../migration/journal-state.ts';
import type { MigrationJournal } from '../migration/journal.ts';
import type { SetupRepository } from '../migration/setup-repository.ts';
import type { LiveIndex } from './index-maintainer.ts';

interface Parts {
	readonly setup: Pick<SetupRepository, 'read'>;
	readonly journal: Pick<MigrationJournal, 'read' | 'unfinished'>;
	readonly spec: (choice: EngineChoice) => Promise<ModelSpec>;
}

/**
 * The indexes that every document must reach now: the one in use first, then the one that is kept for Undo, then a
 * shadow index that an upgrade has built and not yet switched to. While it is still being built, the upgrade itself
 * picks up new documents. An index beside the one in use is left out while its model is not on this device.
 * Errors: `library/not-installed` for the model in use.
 */
export async function liveIndexes({ setup, journal, spec }: Parts): Promise<LiveIndex[]> {
	const record = await setup.read();
	if (!record) return [];
	const { current, trial } = record;
	const live: LiveIndex[] = [
		{ index: current.index, spec: await spec(current.embedding), inUse: true }
	];
	const beside = [trial?.previous, await builtShadow(journal)];
	for (const other of beside) {
		if (!other || live.some(({ index }) => index === other.index)) continue;
		const model = await specIfThere(spec(other.embedding));
		if (model) live.push({ index: other.index, spec: model, inUse: false });
	}
	return live;
}

async function specIfThere(spec: Promise<ModelSpec>): Promise<ModelSpec | null> {
	try {
		return await spec;
	} catch (error) {
		if (hasCode(error, 'library/not-installed')) return null;
		throw error;
	}
}

async function builtShadow(journal: Parts['journal']) {
	const planId = await journal.unfinished();
	if (planId === null) return null;
	const state = readJournal(await journal.read(planId));
	const build = state.plan.steps.find((step) => step.kind === 'build-index');
	const built = build !== undefined && state.results.has(build.id);
	return built && state.rollback === null ? state.plan.to : null;
}
