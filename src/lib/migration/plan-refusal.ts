import { formatBytes } from '../core/bytes.ts';
import type { ModelId } from '../core/ids.ts';
import type { Task } from '../core/model-spec.ts';
import type { DeviceProfile } from '../ports/gpu-probe.ts';
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
		wontFit(request.device, changes) ??
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

function wontFit(device: DeviceProfile | null, changes: Changes): Refusal | null {
	for (const model of [changes.chat, changes.embedding]) {
		const missing = model && device && model.needs.find((need) => !has(device, need));
		if (!missing) continue;
		return {
			reason: 'wont-fit',
			message: `${model.name} needs ${nameOf(missing)}, which this device or browser does not offer.`,
			instead: 'Choose a model that Core Engines shows as fitting this device.'
		};
	}
	return null;
}

function has(device: DeviceProfile, need: string): boolean {
	if (need === 'webgpu') return device.gpu !== null;
	if (need === 'cross-origin-isolated') return device.crossOriginIsolated;
	return device.gpu?.features.includes(need) ?? false;
}

function nameOf(need: string): string {
	if (need === 'webgpu') return 'WebGPU';
	return need === 'cross-origin-isolated' ? 'cross-origin isolation' : `the GPU feature ${need}`;
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
