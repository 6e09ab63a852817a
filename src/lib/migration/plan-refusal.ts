import { formatBytes } from '../core/bytes.ts';
import type { ModelId } from '../core/ids.ts';
import type { Task } from '../core/model-spec.ts';
import type { FitSubject } from '../engines/fit-contract.ts';
import { fit } from '../engines/fit.ts';
import type { MigrationPlan, Refusal } from './plan.ts';
import type { Changes, PlannableModel, UpgradeRequest } from './upgrade-request.ts';

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
		nothingToChange(changes) ??
		wontFit(request, changes) ??
		contextShrinks(request, changes.chat) ??
		noSpace(request, needs)
	);
}

function upgradeRunning({ unfinished }: UpgradeRequest): Refusal | null {
	if (!unfinished) return null;
	return {
		reason: 'upgrade-running',
		message: 'Another upgrade is under way, or on trial.',
		instead: 'Keep it or undo it first; then start this one.'
	};
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
	const able = model.tasks.includes(task) && (task !== 'embed' || hasIndex(request, model));
	if (able) return null;
	return {
		reason: 'not-in-catalog',
		message: `${model.name} cannot ${task === 'embed' ? 'embed documents' : 'answer questions'}.`,
		instead: 'Choose a model that is listed for this role.'
	};
}

function hasIndex({ newIndexId }: UpgradeRequest, model: PlannableModel): boolean {
	return model.embedding !== null && newIndexId !== null;
}

function nothingToChange(changes: Changes): Refusal | null {
	if (changes.chat || changes.embedding) return null;
	return {
		reason: 'nothing-to-change',
		message: 'Both engines stay as they are.',
		instead: 'Choose another chat engine or another embedding engine.'
	};
}

function wontFit({ device, engines }: UpgradeRequest, changes: Changes): Refusal | null {
	for (const model of [changes.chat, changes.embedding]) {
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

function contextShrinks(request: UpgradeRequest, chat: PlannableModel | null): Refusal | null {
	if (!chat || chat.contextTokens >= minContextTokens) return null;
	const present = request.catalog.find(({ id }) => id === request.setup.chat.model);
	if (present && present.contextTokens <= chat.contextTokens) return null;
	return {
		reason: 'context-shrinks',
		message: `${chat.name} reads ${chat.contextTokens} tokens at once; a question with its passages needs about ${minContextTokens}.`,
		instead: 'Choose a chat engine with a longer context, or keep the present one.'
	};
}

function noSpace({ freeBytes }: UpgradeRequest, needs: MigrationPlan['needs']): Refusal | null {
	if (freeBytes === null || needs.peakBytes <= freeBytes) return null;
	const short = formatBytes(needs.peakBytes - freeBytes);
	return {
		reason: 'no-space',
		message: `The upgrade needs ${formatBytes(needs.peakBytes)} and ${formatBytes(freeBytes)} are free: ${short} are missing.`,
		instead: 'Delete models that you do not use in Core Engines, or choose a smaller model.'
	};
}
