import type { ModelSpec } from '../core/model-spec.ts';
import type { ManifestRow, ModelState, WantedRow } from './library-api.ts';

/** What is going on with a model in this tab, beside what is stored. */
export type ModelActivity = Extract<ModelState, { readonly at: 'downloading' | 'verifying' }>;

export interface ModelFacts {
	readonly spec: ModelSpec;
	readonly manifest: ManifestRow | undefined;
	readonly wanted: WantedRow | undefined;
	readonly activity: ModelActivity | undefined;
	/** It is the turn of its download, and another tab sees to that. */
	readonly elsewhere: boolean;
	/** Bytes of its files that are stored. */
	readonly done: number;
	readonly online: boolean;
}

/** Bytes of all files of a model. */
export function modelBytes({ files }: Pick<ModelSpec, 'files'>): number {
	return files.reduce((sum, file) => sum + file.bytes, 0);
}

/** What Core Engines shows of a model that is stored or wanted. */
export function modelState(facts: ModelFacts): ModelState {
	const { spec, manifest, wanted, activity, elsewhere, done, online } = facts;
	const total = modelBytes(spec);
	const place = wanted?.place ?? 0;
	if (activity?.at === 'downloading' && !online)
		return { at: 'queued', done: activity.done, total, waitsFor: 'network', place };
	if (activity) return activity;
	if (manifest) {
		const { installedAt, verifiedAt } = manifest;
		return { at: 'installed', bytes: total, installedAt, verifiedAt };
	}
	if (!wanted || (wanted.place === null && !wanted.paused)) return { at: 'available' };
	if (wanted.paused) {
		const { damagedBytes, error } = wanted;
		return { at: 'paused', done, total, damagedBytes, error };
	}
	if (!online) return { at: 'queued', done, total, waitsFor: 'network', place };
	// How fast it is there is not stored.
	if (elsewhere) return { at: 'downloading', done, total, bytesPerSecond: null };
	return { at: 'queued', done, total, waitsFor: 'turn', place };
}
