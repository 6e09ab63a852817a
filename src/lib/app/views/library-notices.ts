import type { StorageEstimate } from '../../ports/blob-store.ts';
import { countOf } from './model-words.ts';

/** What a check of a model's bytes has found. */
export function repairNotice(parts: number): string {
	if (parts === 0) return 'Every byte is as its publisher made it.';
	if (parts === 1) return 'One damaged part was downloaded again.';
	return `${parts} damaged parts were downloaded again.`;
}

/** What publishers say about newer revisions of so many models. */
export function updateNotice(models: number): string {
	if (models === 0) return 'No model on this device has a newer revision.';
	const verb = models === 1 ? 'has' : 'have';
	return `${countOf(models, 'model')} ${verb} a newer revision. Choosing it is an upgrade: the old one stays until you delete it.`;
}

/** Whether what is stored will stay. */
export function persistNotice({ persisted }: StorageEstimate): string {
	return persisted
		? "The browser keeps SAM's data even when space is short."
		: "The browser may delete SAM's data when space is short; Settings has more.";
}
