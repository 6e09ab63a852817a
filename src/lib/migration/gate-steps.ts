import type { Json } from '../core/json.ts';
import type { PlannedStep } from './plan.ts';

/** Whether that step compares old and new, and can stop the upgrade before the switch. */
export function isGate({ kind }: Pick<PlannedStep, 'kind'>): boolean {
	return kind === 'compare' || kind === 'compare-answers';
}

/** The verdict in the result of such a step; null in any other result. */
export function gateVerdict(result: Json | undefined): boolean | null {
	const isObject = typeof result === 'object' && result !== null && !Array.isArray(result);
	const passed = isObject ? (result as { readonly passed?: Json }).passed : undefined;
	return typeof passed === 'boolean' ? passed : null;
}
