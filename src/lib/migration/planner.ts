import type { ModelSpec } from '../core/model-spec.ts';
import type { EngineChoice, Setup } from '../core/setup.ts';
import { changesOf } from './plan-changes.ts';
import { describeEffects } from './plan-effects.ts';
import { needsOf } from './plan-needs.ts';
import { refusalOf } from './plan-refusal.ts';
import { stepsOf } from './plan-steps.ts';
import type { PlanResult } from './plan.ts';
import type { Changes, UpgradeRequest } from './upgrade-request.ts';

/** Makes the plan of an upgrade, or says why not and what to do instead. Pure: the same request, the same plan. */
export function planUpgrade(request: UpgradeRequest): PlanResult {
	const changes = changesOf(request);
	const needs = needsOf(request, changes);
	const refusal = refusalOf(request, changes, needs);
	if (refusal) return { ok: false, refusal };
	const { id, now, setup, options } = request;
	const to = nextSetup(request, changes);
	const steps = stepsOf(request, changes, { to, peakBytes: needs.peakBytes });
	const effects = describeEffects(request, changes, needs);
	return {
		ok: true,
		plan: { id, version: 1, createdAt: now, from: setup, to, options, steps, needs, effects }
	};
}

function nextSetup(
	{ setup, adapters = [] }: UpgradeRequest,
	{ chat, embedding, index }: Changes
): Setup {
	const fitting = adapters.filter(({ after }) => after === 'active').map(({ use }) => use);
	return {
		chat: chat ? choiceOf(chat) : setup.chat,
		embedding: embedding ? choiceOf(embedding) : setup.embedding,
		index: index ? index.id : setup.index,
		// Adapters belong to the weights that they were trained on.
		adapters: chat ? fitting : setup.adapters
	};
}

function choiceOf(model: ModelSpec): EngineChoice {
	return { engine: model.engine, model: model.id, revision: model.revision, name: model.name };
}
