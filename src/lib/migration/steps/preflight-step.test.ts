import { beforeEach, expect, test } from 'vitest';
import { MigrationWorld } from '../../testing/migration-world.ts';

let world: MigrationWorld;

beforeEach(async () => {
	world = await MigrationWorld.create();
});

test('an upgrade that still fits begins, and notes what was free', async () => {
	const plan = world.plan();
	world.freeBytes = plan.needs.peakBytes;
	const { controller, journal } = world.open();
	expect(await controller.start(plan)).toMatchObject({ type: 'waiting', for: 'keep-or-undo' });
	const verified = (await journal.read(plan.id)).find(({ type }) => type === 'step-verified');
	expect(verified).toMatchObject({
		step: 'preflight',
		result: { freeBytes: plan.needs.peakBytes, peakBytes: plan.needs.peakBytes }
	});
});

test('one that does not fit any more pauses before anything is done, with the numbers', async () => {
	world.freeBytes = 400;
	const plan = world.plan();
	const { controller } = world.open();
	expect(await controller.start(plan)).toEqual({ type: 'waiting', for: 'resume' });
	expect(controller.view?.failure?.message).toBe(
		'The upgrade needs 7.1 KB and about 400 B are free: 6.7 KB are missing.'
	);
	expect(controller.view?.steps.map(({ state }) => state).slice(0, 2)).toEqual([
		'failed',
		'pending'
	]);
	expect(world.bench.calls).toEqual([]);
});

test('one that the browser only says it has room for pauses, too, with what is really there', async () => {
	world.freeBytes = 1e12;
	world.reallyFree = 400;
	const { controller } = world.open();
	expect(await controller.start(world.plan())).toEqual({ type: 'waiting', for: 'resume' });
	expect(controller.view?.failure?.code).toBe('migration/no-room');
	expect(controller.view?.failure?.message).toContain('about 400 B are free: 6.7 KB are missing.');
	world.reallyFree = Infinity;
	expect(await controller.resume()).toMatchObject({ for: 'keep-or-undo' });
});

test('and goes on when there is room again', async () => {
	world.freeBytes = 400;
	const { controller } = world.open();
	await controller.start(world.plan());
	world.freeBytes = null;
	expect(await controller.resume()).toMatchObject({ for: 'keep-or-undo' });
});

test('one that was planned from another setup goes back', async () => {
	const plan = world.plan();
	const { controller, setup } = world.open();
	// The setup changes when the plan has been journaled: whoever starts it has checked before.
	const before = await setup.read();
	const started = controller.start(plan);
	await setup.replace(before!.sequence, { ...world.oldSetup, adapters: ['x' as never] });
	expect(await started).toMatchObject({ outcome: 'rolled-back' });
	expect(controller.view?.failure?.message).toContain('the setup has changed');
});
