import { beforeAll, expect, test } from 'vitest';
import { MigrationWorld } from '../testing/migration-world.ts';
import { exportPlan, readPlan } from './exported-plan.ts';
import type { MigrationPlan } from './plan.ts';

let plan: MigrationPlan;

beforeAll(async () => {
	plan = (await MigrationWorld.create({}, 1)).plan();
});

/** The file, with these parts instead. */
function changed(parts: Readonly<Record<string, unknown>>): string {
	return JSON.stringify({ ...(JSON.parse(exportPlan(plan)) as object), ...parts });
}

test('a plan that was saved is read back as it was', () => {
	expect(readPlan(exportPlan(plan))).toEqual(plan);
});

test('the file says what it is, and in which version', () => {
	expect(JSON.parse(exportPlan(plan))).toMatchObject({ kind: 'sam-upgrade-plan', version: 1 });
});

test('a plan of a newer SAM is told so, whatever else it has', () => {
	const newer = { code: 'migration/plan-newer' };
	expect(() => readPlan(changed({ version: 2 }))).toThrow(expect.objectContaining(newer));
	expect(() => readPlan(changed({ plan: { version: 2 } }))).toThrow(expect.objectContaining(newer));
});

test.each([
	['no JSON at all', () => 'plan'],
	['JSON of something else', () => '[]'],
	['another kind of file', () => changed({ kind: 'sam-upgrade-log' })],
	['a file without a version', () => changed({ version: null })],
	['a plan without its steps', () => changed({ plan: { ...plan, steps: undefined } })],
	['no plan inside', () => changed({ plan: null })]
])('%s is unreadable, with the reason', (_, file) => {
	expect(() => readPlan(file())).toThrow(
		expect.objectContaining({ code: 'migration/plan-unreadable' })
	);
});
