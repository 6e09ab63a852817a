import type { ModelSpec } from '../core/model-spec.ts';
import type { Setup } from '../core/setup.ts';
import type { StepDefinition } from './define-migration-step.ts';
import { modelInUse } from './plan-changes.ts';
import { sizeOf, toDownload } from './plan-needs.ts';
import type { MigrationPlan, PlannedStep } from './plan.ts';
import type { Changes, IndexChange, PlannableModel, UpgradeRequest } from './upgrade-request.ts';

/** What an upgrade does, in its order. */
export function stepsOf(
	request: UpgradeRequest,
	changes: Changes,
	{ to, peakBytes }: { readonly to: Setup } & Pick<MigrationPlan['needs'], 'peakBytes'>
): PlannedStep[] {
	const { setup, options } = request;
	return [
		{ id: 'preflight', kind: 'preflight', params: { peakBytes } },
		{ id: 'snapshot', kind: 'snapshot', params: { setup } },
		...customSteps(request, to, 'begin'),
		...toDownload(request, changes).map((model): PlannedStep => ({
			id: `download:${model.id}`,
			kind: 'download',
			params: { model: model.id, bytes: sizeOf(model) }
		})),
		...canaries(changes),
		...adapterSteps(request, changes.chat),
		...answerSteps(request, changes.chat),
		...indexSteps(request, changes.index),
		...customSteps(request, to, 'before-switch'),
		{ id: 'switch', kind: 'switch', params: { from: setup, to, keepDays: options.keepDays } }
	];
}

function customSteps(
	{ setup, customSteps: definitions = [] }: UpgradeRequest,
	to: Setup,
	at: StepDefinition['at']
): PlannedStep[] {
	return definitions.flatMap((definition): PlannedStep[] => {
		const params = definition.at === at ? definition.plan(setup, to) : null;
		if (params === null) return [];
		const { name, title } = definition;
		return [{ id: `custom:${name}`, kind: 'custom', params: { name, title, params } }];
	});
}

/** The engine in use is checked, too, before an index is built anew with it. */
function canaries({ index, embedding, chat }: Changes): PlannedStep[] {
	const models = [
		{ role: 'embedding', model: index?.model ?? embedding },
		{ role: 'chat', model: chat }
	] as const;
	return models.flatMap(({ role, model }): PlannedStep[] =>
		model ? [{ id: `canary:${role}`, kind: 'canary', params: { spec: specOf(model), role } }] : []
	);
}

/** Those that cannot be on are not tried. */
function adapterSteps(
	{ adapters = [] }: UpgradeRequest,
	chat: PlannableModel | null
): PlannedStep[] {
	const tried = adapters.filter(({ after }) => after !== 'inactive');
	if (!chat || tried.length === 0) return [];
	const params = { spec: specOf(chat), adapters: tried.map(({ use, name }) => ({ use, name })) };
	return [{ id: 'check-adapters', kind: 'check-adapters', params }];
}

function answerSteps(request: UpgradeRequest, chat: PlannableModel | null): PlannedStep[] {
	const { options, prompts = [], catalog, setup } = request;
	const old = modelInUse(catalog, setup.chat);
	const { enabled, prompts: wanted = false } = options.gate;
	if (!chat || !old || !enabled || !wanted || prompts.length === 0) return [];
	const params = { from: specOf(old), to: specOf(chat), prompts };
	return [{ id: 'compare-answers', kind: 'compare-answers', params }];
}

function indexSteps(request: UpgradeRequest, change: IndexChange | null): PlannedStep[] {
	if (!change) return [];
	const spec = specOf(change.model);
	const build: PlannedStep = {
		id: 'build-index',
		kind: 'build-index',
		params: { spec, indexSpec: change.spec, index: change.id }
	};
	const { gate } = request.options;
	const old = modelInUse(request.catalog, request.setup.embedding);
	if (!gate.enabled || !old || request.texts === 0) return [build];
	const indexes = { oldIndex: request.setup.index, newIndex: change.id };
	const params = { from: specOf(old), to: spec, ...indexes, gate };
	return [build, { id: 'compare', kind: 'compare', params }];
}

/** Without what is only for people: the journal keeps what an engine needs. */
function specOf(model: PlannableModel): ModelSpec {
	const { needs: _needs, parameters: _parameters, licence: _licence, ...spec } = model;
	return spec;
}
