import type { EngineChoice } from '../core/setup.ts';
import type { EngineRole, LoadNotes } from './engine-pool.ts';
import type { TrialStarts } from './trial-starts.ts';

interface Parts {
	readonly starts: Pick<TrialStarts, 'begin' | 'succeeded'>;
}

/** What is noted around the loads of one engine for one question. They count as one start, however many there are. */
export function loadNotes({ starts }: Parts, role: EngineRole, choice: EngineChoice): LoadNotes {
	let counted = false;
	return {
		async begin() {
			if (counted) return;
			counted = true;
			await starts.begin(role, choice);
		},
		loaded: () => starts.succeeded(role, choice),
		failed: () => Promise.resolve()
	};
}
