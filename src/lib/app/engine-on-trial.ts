import type { EngineChoice, SetupRecord } from '../core/setup.ts';
import type { EngineRole } from './engine-pool.ts';

/** True while a trial runs that has brought another engine for that role. */
export function engineOnTrial({ current, trial }: SetupRecord, role: EngineRole): boolean {
	return trial !== null && !sameChoice(current[role], trial.previous[role]);
}

/** True for the same model at the same revision in the same engine. Names for people do not count. */
export function sameChoice(a: EngineChoice, b: EngineChoice): boolean {
	return a.engine === b.engine && a.model === b.model && a.revision === b.revision;
}
