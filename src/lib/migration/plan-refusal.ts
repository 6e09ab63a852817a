import { formatBytes } from '../core/bytes.ts';
import type { ModelId } from '../core/ids.ts';
import type { Task } from '../core/model-spec.ts';
import type { FitSubject } from '../engines/fit-contract.ts';
import { fit } from '../engines/fit.ts';
import { dimsFault } from './index-dims.ts';
import { licenceToAccept } from './licence-to-accept.ts';
import { modelInUse } from './plan-changes.ts';
import type { MigrationPlan, Refusal } from './plan.ts';
import type {
	Changes,
	PlannableModel,
	UnfinishedUpgrade,
	UpgradeRequest
} from './upgrade-request.ts';

/** A question with its passages needs about this much; less and answers lose their sources. */
export const minContextTokens = 2048;

/** Why this upgrade must not start, the first reason that applies; null when it may. */
export function refusalOf(
	request: UpgradeRequest,
	changes: Changes,
	needs: MigrationPlan['needs']
): Refusal | null {
	return (
		upgradeRunning(request) ??
		unknownModel(request, request.choice.chat, 'generate') ??
		unknownModel(request, request.choice.embedding, 'embed') ??
		noModelForIndex(request, changes) ??
		nothingToChange(changes) ??
		wontFit(request, changes) ??
		wrongDims(changes) ??
		contextShrinks(request, changes.chat) ??
		noSpace(request, needs) ??
		licenceMissing(request, changes)
	);
}

function upgradeRunning({ unfinished }: UpgradeRequest): Refusal | null {
	if (!unfinished) return null;
	const what = nameOf(unfinished);
	return unfinished.onTrial
		? {
				reason: 'upgrade-running',
				message: `${what} is on trial.`,
				instead: 'Keep it or undo it first; then start this one.'
			}
		: {
				reason: 'upgrade-running',
				message: `${what} is under way.`,
				instead: 'Let it end, or stop it; then start this one.'
			};
}

function nameOf({ from, to }: UnfinishedUpgrade): string {
	const engines = (['chat', 'embedding'] as const).filter(
		(role) => from[role].model !== to[role].model || from[role].revision !== to[role].revision
	);
	const names = [...new Set(engines.map((role) => to[role].name))];
	if (names.length > 0) return `The upgrade to ${names.join(' and ')}`;
	return 'An upgrade of the index';
}

function unknownModel(request: UpgradeRequest, id: ModelId | null, task: Task): Refusal | null {
	if (id === null) return null;
	const model = request.catalog.find((entry) => entry.id === id);
	if (!model) {
		return {
			reason: 'not-in-catalog',
			message: `The model "${id}" is not in the catalog.`,
			instead: 'Add it in Core Engines, or choose another model.'
		};
	}
	const able = model.tasks.includes(task) && (task !== 'embed' || model.embedding !== null);
	if (able) return null;
	return {
		reason: 'not-in-catalog',
		message: `${model.name} cannot ${task === 'embed' ? 'embed documents' : 'answer questions'}.`,
		instead: 'Choose a model that is listed for this role.'
	};
}

/** An index that stays is in nobody's way; one that is built anew needs the engine that is in use. */
function noModelForIndex(
	{ choice, catalog, setup }: UpgradeRequest,
	{ embedding, index }: Changes
): Refusal | null {
	const wanted = choice.index?.rebuild === true || choice.index?.chunkSize != null;
	if (!wanted || index || embedding || modelInUse(catalog, setup.embedding)) return null;
	return {
		reason: 'not-in-catalog',
		message: `${setup.embedding.name}, the embedding engine in use, is no longer in the catalog: no new index can be made with it.`,
		instead: 'Choose another embedding engine, or add this one again in Core Engines.'
	};
}

function nothingToChange(changes: Changes): Refusal | null {
	if (changes.chat || changes.embedding || changes.index) return null;
	return {
		reason: 'nothing-to-change',
		message: 'Both engines and the index stay as they are.',
		instead: 'Choose another engine, another size of passages, or to rebuild the index.'
	};
}

function wontFit({ device, engines }: UpgradeRequest, changes: Changes): Refusal | null {
	for (const model of [changes.chat, changes.index?.model]) {
		if (!model) continue;
		// Room is judged below, for the whole upgrade.
		const { verdict, reason } = fit(subjectOf(model), {
			profile: device,
			engines,
			freeBytes: null
		});
		if (verdict !== 'wont-fit') continue;
		return {
			reason: 'wont-fit',
			message: `${model.name} does not fit this device. ${reason}`,
			instead: 'Choose a model that Core Engines shows as fitting this device.'
		};
	}
	return null;
}

function subjectOf(model: PlannableModel): FitSubject {
	const sizes = model.files.map(({ bytes }) => bytes);
	return {
		...model,
		bytes: sizes.reduce((sum, bytes) => sum + bytes, 0),
		largestFileBytes: sizes.length > 0 ? Math.max(...sizes) : null
	};
}

function wrongDims({ index }: Changes): Refusal | null {
	const fault = index && dimsFault(index.spec.embedding.dims);
	if (!fault) return null;
	return {
		reason: 'dims',
		message: `${index.model.name} ${fault}.`,
		instead: 'Choose another embedding engine.'
	};
}

function contextShrinks(request: UpgradeRequest, chat: PlannableModel | null): Refusal | null {
	if (!chat || chat.contextTokens >= minContextTokens) return null;
	const present = request.catalog.find(({ id }) => id === request.setup.chat.model);
	if (present && present.contextTokens <= chat.contextTokens) return null;
	return {
		reason: 'context-shrinks',
		message: `${chat.name} reads ${count(chat.contextTokens)} tokens at once; a question with its passages needs about ${count(minContextTokens)}.`,
		instead: 'Choose a chat engine with a longer context, or keep the present one.'
	};
}

function noSpace({ freeBytes }: UpgradeRequest, needs: MigrationPlan['needs']): Refusal | null {
	if (freeBytes === null || needs.peakBytes <= freeBytes) return null;
	const short = formatBytes(needs.peakBytes - freeBytes);
	return {
		reason: 'no-space',
		message: `The upgrade needs ${formatBytes(needs.peakBytes)} and about ${formatBytes(freeBytes)} are free: ${short} are missing.`,
		instead: 'Delete models that you do not use in Core Engines, or choose a smaller model.'
	};
}

function licenceMissing(request: UpgradeRequest, changes: Changes): Refusal | null {
	const missing = [changes.chat, changes.embedding].find(
		(model) => model && licenceToAccept(model) && !isAccepted(request, model)
	);
	const licence = missing?.licence;
	if (!licence) return null;
	return {
		reason: 'licence',
		message: `${missing.name} may be used under the ${licence.name}, which you have not accepted.`,
		instead: 'Read it and accept it, or choose a model with a free licence.'
	};
}

function isAccepted({ accepted = [] }: UpgradeRequest, { licence }: PlannableModel): boolean {
	return accepted.some(({ entry, name }) => entry === licence?.entry && name === licence.name);
}

function count(tokens: number): string {
	return tokens.toLocaleString('en');
}
