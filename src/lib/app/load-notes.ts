import { hasCode } from '../core/errors.ts';
import type { ModelSpec } from '../core/model-spec.ts';
import type { AdapterUse, EngineChoice } from '../core/setup.ts';
import type { EngineRole, LoadNotes } from './engine-pool.ts';
import type { LoadMarks } from './load-marks.ts';
import type { TrialStarts } from './trial-starts.ts';

interface Parts {
	readonly starts: Pick<TrialStarts, 'begin' | 'succeeded' | 'givenUp'>;
	readonly marks: Pick<LoadMarks, 'begin' | 'end'>;
}

/**
 * What is noted around the loads of one engine for one question: they count as one start, however many there are, and
 * each leaves a mark while it lasts. A model without files takes no memory that could cost the tab its life.
 */
export function loadNotes(
	{ starts, marks }: Parts,
	role: EngineRole,
	choice: EngineChoice,
	{ files }: Pick<ModelSpec, 'files'>
): LoadNotes {
	/** Null before the first load. */
	let counted: boolean | null = null;
	let marked = false;
	const mark = async (adapters: readonly AdapterUse[]): Promise<void> => {
		marked = files.length > 0;
		if (marked) await marks.begin(role, choice, counted === true, adapters);
	};
	const unmark = async (): Promise<void> => {
		if (marked) await marks.end(role, choice);
		marked = false;
	};
	return {
		async begin(adapters) {
			counted ??= await starts.begin(role, choice);
			await mark(adapters);
		},
		async loaded() {
			await unmark();
			await starts.succeeded(role, choice);
		},
		async failed(error) {
			await unmark();
			if (counted && hasCode(error, 'cancelled')) await starts.givenUp(role).catch(() => undefined);
		}
	};
}
