import { beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '../../core/errors.ts';
import { CrashPoint } from '../../testing/crash-point.ts';
import { MigrationWorld } from '../../testing/migration-world.ts';
import { isSimulatedCrash } from '../../testing/simulated-crash.ts';
import { defineMigrationStep, type StepDefinition } from '../define-migration-step.ts';

/** What the step has written, outside of the app's own stores. */
let notes: Map<string, string>;
let world: MigrationWorld;
let failure: AppError | null;

function note(at: StepDefinition['at'], applies = true): StepDefinition {
	return defineMigrationStep<{ readonly text: string }>({
		name: `note-${at}`,
		title: 'Write a note',
		at,
		plan: (from, to) => (applies ? { text: `${from.chat.name} → ${to.chat.name}` } : null),
		do: async ({ text }, run) => {
			if (failure) throw failure;
			await run.save({ began: true });
			notes.set(run.plan.id, text);
		},
		verify: ({ text }, { plan }) =>
			Promise.resolve(
				notes.get(plan.id) === text ? { done: true, result: { text } } : { done: false }
			),
		undo: (_, { plan }) => {
			notes.delete(plan.id);
			return Promise.resolve();
		}
	});
}

beforeEach(async () => {
	notes = new Map();
	failure = null;
	world = await MigrationWorld.create();
});

const ids = (): string[] => world.plan().steps.map(({ id }) => id);

describe('a step of one’s own', () => {
	test('stands where it wants to, and only in upgrades that it has to do with', () => {
		world.customSteps = [note('begin'), note('before-switch')];
		expect(ids().slice(1, 4)).toEqual(['snapshot', 'custom:note-begin', 'download:new']);
		expect(ids().slice(-3)).toEqual(['compare', 'custom:note-before-switch', 'switch']);
		world.customSteps = [note('begin', false)];
		expect(ids()).not.toContain('custom:note-begin');
	});

	test('is done with what it planned, verified, and shown under its title', async () => {
		world.customSteps = [note('before-switch')];
		const { controller } = world.open();
		await controller.start(world.plan());
		expect([...notes.values()]).toEqual(['OLD → NEW']);
		const shown = controller.view?.steps.find(({ kind }) => kind === 'custom');
		expect(shown).toMatchObject({ title: 'Write a note', state: 'done' });
	});

	test('is undone with the upgrade', async () => {
		world.customSteps = [note('begin')];
		const { controller } = world.open();
		await controller.start(world.plan());
		await controller.undo();
		expect(notes.size).toBe(0);
	});

	test('takes the upgrade back when it fails', async () => {
		world.customSteps = [note('before-switch')];
		failure = new AppError('index/mismatch');
		const { controller } = world.open();
		expect(await controller.start(world.plan())).toMatchObject({ outcome: 'rolled-back' });
		expect((await world.record()).current).toEqual(world.oldSetup);
	});

	test('that this version does not know ends in the old setup, and says why', async () => {
		world.customSteps = [note('begin')];
		const plan = world.plan();
		world.customSteps = [];
		const { controller } = world.open();
		expect(await controller.start(plan)).toMatchObject({ outcome: 'rolled-back' });
		expect(controller.view?.failure?.code).toBe('migration/unknown-step');
		expect(controller.view?.failure?.message).toContain('Write a note');
	});

	test('ends the same after a crash at any write', async () => {
		const crashes = await CrashPoint.exhaust(async (crash) => {
			notes = new Map();
			world = await MigrationWorld.create();
			world.customSteps = [note('begin'), note('before-switch')];
			const run = async (tab = world.open(crash)): Promise<void> => {
				const begun = (await tab.journal.all()).length > 0;
				const { controller } = tab;
				const rest = await (begun ? controller.resumeUnfinished() : controller.start(world.plan()));
				if (rest?.type === 'waiting') await controller.keep();
			};
			const first = world.open(crash);
			await run(first).catch((error: unknown) => {
				if (!isSimulatedCrash(error)) throw error;
			});
			first.locks.die();
			crash.revive();
			await run();
			expect((await world.record()).current).toEqual(world.plan().to);
			expect([...notes.values()]).toEqual(['OLD → NEW']);
		});
		expect(crashes).toBeGreaterThan(20);
	}, 60_000);
});
