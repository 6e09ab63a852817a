import { AppError } from '../core/errors.ts';
import type { MigrationPlan } from './plan.ts';

const kind = 'sam-upgrade-plan';
/** Of what this SAM writes. Readers refuse newer ones: they cannot know what a new kind of step does. */
const version = 1;

/** A plan as a file, for people to keep and for `readPlan`. */
export function exportPlan(plan: MigrationPlan): string {
	return `${JSON.stringify({ kind, version, plan }, null, '\t')}\n`;
}

/**
 * Reads what `exportPlan` wrote. Errors: `migration/plan-newer` for a plan of a newer SAM, `migration/plan-unreadable`
 * for anything else that is not a plan.
 */
export function readPlan(file: string): MigrationPlan {
	const exported = parse(file);
	if (exported.kind !== kind) throw unreadable('it is no plan of an upgrade');
	if (typeof exported.version !== 'number') throw unreadable('it does not say its version');
	const plan = isObject(exported.plan) ? exported.plan : {};
	if (exported.version > version || (typeof plan.version === 'number' && plan.version > 1)) {
		throw new AppError('migration/plan-newer');
	}
	const whole = ['id', 'from', 'to', 'options', 'steps', 'needs', 'effects'];
	if (plan.version !== 1 || whole.some((part) => plan[part] == null)) {
		throw unreadable('parts of it are missing');
	}
	return plan as unknown as MigrationPlan;
}

function parse(file: string): Readonly<Record<string, unknown>> {
	try {
		const value: unknown = JSON.parse(file);
		if (isObject(value)) return value;
	} catch {
		// Told below: a file that is no JSON is no plan.
	}
	throw unreadable('it is not JSON');
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
	return typeof value === 'object' && value !== null;
}

function unreadable(reason: string): AppError {
	return new AppError('migration/plan-unreadable', { details: { reason } });
}
