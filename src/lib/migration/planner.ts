import type { EngineChoice, Setup } from '../core/setup.ts';
import type { ModelSpec } from '../core/model-spec.ts';
import { indexSpecOf } from '../knowledge/index-spec.ts';
import type { StepDefinition } from './define-migration-step.ts';
import { estimateDuration } from './estimate.ts';
import { describeEffects } from './plan-effects.ts';
import { refusalOf } from './plan-refusal.ts';
import type { MigrationPlan, PlannedStep, PlanResult, Range } from './plan.ts';
import type { Changes, PlannableModel, UpgradeRequest } from './upgrade-request.ts';

/** Blocks, rows and keys around the bare numbers of the vectors. */
const storageOverhead = 1.2;

/** Makes the plan of an upgrade, or says why not and what to do instead. Pure: the same request, the same plan. */
export function planUpgrade(request: UpgradeRequest): PlanResult {
	const changes = changesOf(request);
	const needs = needsOf(request, changes);
	const refusal = refusalOf(request, changes, needs);
	if (refusal) return { ok: false, refusal };
	const to = nextSetup(request, changes);
	const plan: MigrationPlan = {
		id: request.id,
		version: 1,
		createdAt: request.now,
		from: request.setup,
		to,
		options: request.options,
		steps: stepsOf(request, changes, to),
		needs,
		effects: describeEffects(request, changes, needs)
	};
	return { ok: true, plan };
}

function changesOf({ choice, catalog, setup }: UpgradeRequest): Changes {
	const changed = (id: string | null, present: EngineChoice): PlannableModel | null => {
		const model = catalog.find((entry) => entry.id === id);
		return model && !isSame(model, present) ? model : null;
	};
	return {
		chat: changed(choice.chat, setup.chat),
		embedding: changed(choice.embedding, setup.embedding)
	};
}

function isSame(model: ModelSpec, present: EngineChoice): boolean {
	return (
		model.id === present.model &&
		model.engine === present.engine &&
		model.revision === present.revision
	);
}

function toDownload({ installed }: UpgradeRequest, changes: Changes): PlannableModel[] {
	const models = new Set([changes.embedding, changes.chat].filter((model) => model !== null));
	return [...models].filter((model) => model.files.length > 0 && !installed.has(model.id));
}

function sizeOf(model: ModelSpec): number {
	return model.files.reduce((sum, file) => sum + file.bytes, 0);
}

function needsOf(request: UpgradeRequest, changes: Changes): MigrationPlan['needs'] {
	const downloadBytes = toDownload(request, changes).reduce((sum, model) => sum + sizeOf(model), 0);
	if (!changes.embedding) {
		return { downloadBytes, peakBytes: downloadBytes, texts: 0, seconds: null, measuredAt: null };
	}
	const there = request.newIndexId && request.indexes.get(request.newIndexId);
	const texts = Math.max(0, request.texts - (there ? there.embedded : 0));
	const dims = changes.embedding.embedding?.dims ?? 0;
	const vectorBytes = Math.ceil(texts * dims * Float32Array.BYTES_PER_ELEMENT * storageOverhead);
	const seconds = secondsFor(texts, request);
	const measuredAt = seconds ? (request.embeddingSpeed?.at ?? null) : null;
	return { downloadBytes, peakBytes: downloadBytes + vectorBytes, texts, seconds, measuredAt };
}

function secondsFor(texts: number, { embeddingSpeed }: UpgradeRequest): Range | null {
	if (!embeddingSpeed || texts === 0) return null;
	const took = estimateDuration(texts, [{ items: embeddingSpeed.textsPerSecond, ms: 1000 }]);
	return took && { low: took.low / 1000, high: took.high / 1000 };
}

function nextSetup({ setup, newIndexId }: UpgradeRequest, changes: Changes): Setup {
	return {
		chat: changes.chat ? choiceOf(changes.chat) : setup.chat,
		embedding: changes.embedding ? choiceOf(changes.embedding) : setup.embedding,
		index: changes.embedding && newIndexId ? newIndexId : setup.index,
		// Adapters belong to the weights that they were trained on.
		adapters: changes.chat ? [] : setup.adapters
	};
}

function choiceOf(model: ModelSpec): EngineChoice {
	return { engine: model.engine, model: model.id, revision: model.revision, name: model.name };
}

function stepsOf(request: UpgradeRequest, changes: Changes, to: Setup): PlannedStep[] {
	const { setup, options } = request;
	return [
		{ id: 'snapshot', kind: 'snapshot', params: { setup } },
		...customSteps(request, to, 'begin'),
		...toDownload(request, changes).map((model): PlannedStep => ({
			id: `download:${model.id}`,
			kind: 'download',
			params: { model: model.id, bytes: sizeOf(model) }
		})),
		...canaries(changes),
		...indexSteps(request, changes.embedding, to),
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

function canaries(changes: Changes): PlannedStep[] {
	return (['embedding', 'chat'] as const).flatMap((role): PlannedStep[] => {
		const model = changes[role];
		if (!model) return [];
		return [{ id: `canary:${role}`, kind: 'canary', params: { spec: specOf(model), role } }];
	});
}

function indexSteps(
	request: UpgradeRequest,
	embedding: PlannableModel | null,
	to: Setup
): PlannedStep[] {
	if (!embedding) return [];
	const spec = specOf(embedding);
	const steps: PlannedStep[] = [
		{
			id: 'build-index',
			kind: 'build-index',
			params: { spec, indexSpec: indexSpecOf(spec), index: to.index }
		}
	];
	const { gate } = request.options;
	const old = request.catalog.find((model) => isSame(model, request.setup.embedding));
	if (gate.enabled && old && request.texts > 0) {
		const indexes = { oldIndex: request.setup.index, newIndex: to.index };
		const params = { from: specOf(old), to: spec, ...indexes, gate };
		steps.push({ id: 'compare', kind: 'compare', params });
	}
	return steps;
}

/** Without what is only for people: the journal keeps what an engine needs. */
function specOf({ needs: _needs, parameters: _parameters, ...spec }: PlannableModel): ModelSpec {
	return spec;
}
