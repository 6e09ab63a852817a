import type { AdapterCheckRow } from './adapter-records.ts';

/** Whether a model does without an adapter, for what came of trying it: it does not work, or nobody knows. */
export function isLeftOut(check: Pick<AdapterCheckRow, 'result'> | null | undefined): boolean {
	return check?.result === 'failed' || check?.result === 'untried';
}
