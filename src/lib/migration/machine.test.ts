import { describe, expect, test } from 'vitest';
import { journalOf, verified } from '../testing/journal-of.ts';
import { MigrationWorld, models } from '../testing/migration-world.ts';
import type { JournalEvent } from './journal-entry.ts';
import { nextAction } from './machine.ts';
import type { PlannedStep, UpgradeOptions } from './plan.ts';

const world = await MigrationWorld.create({}, 1);
const next = (events: readonly JournalEvent[], options: Partial<UpgradeOptions> = {}) =>
	nextAction(journalOf(world.plan({}, options), ...events));

const order = [
	'preflight',
	'snapshot',
	'download:new',
	'canary:embedding',
	'canary:chat',
	'build-index'
];
const built = verified(...order);
const compared = (passed: boolean): JournalEvent[] => [
	...built,
	{ type: 'step-started', step: 'compare' },
	{ type: 'step-verified', step: 'compare', result: { passed } }
];
const switched = [...compared(true), ...verified('switch')];
const goBack: JournalEvent = { type: 'rollback-requested', code: 'migration/stopped', message: '' };
const undone = (step: string): JournalEvent[] => [
	{ type: 'undo-started', step },
	{ type: 'undo-finished', step }
];

describe('going forward', () => {
	test('begins with the first step', () => {
		expect(next([])).toMatchObject({ type: 'run', step: { id: 'preflight' }, resumed: false });
	});

	test.each(order.map((_, at) => at))('takes step %i after those before it', (at) => {
		const done = verified(...order.slice(0, at));
		expect(next(done)).toMatchObject({ type: 'run', step: { id: order[at] }, resumed: false });
	});

	test('resumes a step that was started, from its last checkpoint', () => {
		const events: JournalEvent[] = [
			...verified(...order.slice(0, -1)),
			{ type: 'step-started', step: 'build-index' },
			{ type: 'step-checkpoint', step: 'build-index', checkpoint: { embedded: 32 } },
			{ type: 'step-checkpoint', step: 'build-index', checkpoint: { embedded: 64 } }
		];
		expect(next(events)).toMatchObject({
			type: 'run',
			step: { id: 'build-index' },
			resumed: true,
			checkpoint: { embedded: 64 }
		});
	});

	test('goes on with the step under way when its speed is changed', () => {
		const events: JournalEvent[] = [
			...verified(...order.slice(0, -1)),
			{ type: 'step-started', step: 'build-index' },
			{ type: 'speed-set', speed: 'gentle' }
		];
		expect(next(events)).toMatchObject({ type: 'run', step: { id: 'build-index' }, resumed: true });
	});

	test('waits for Keep or Undo when every step is done', () => {
		expect(next(switched)).toEqual({ type: 'wait', for: 'keep-or-undo' });
	});

	test('commits after Keep, then stops', () => {
		expect(next([...switched, { type: 'kept' }])).toEqual({ type: 'commit' });
		const over: JournalEvent[] = [...switched, { type: 'kept' }, { type: 'committed' }];
		expect(next(over)).toEqual({ type: 'stop', outcome: 'committed' });
	});
});

describe('a trial that is extended', () => {
	const wanted: JournalEvent = { type: 'extension-wanted', keepUntil: 77 };

	test('gets its new end, then waits again', () => {
		expect(next([...switched, wanted])).toEqual({ type: 'extend-trial', keepUntil: 77 });
		expect(next([...switched, wanted, { type: 'extended' }])).toMatchObject({ type: 'wait' });
	});

	test('is over all the same after Keep or Undo', () => {
		expect(next([...switched, wanted, { type: 'kept' }])).toEqual({ type: 'commit' });
		expect(next([...switched, wanted, goBack])).toMatchObject({ type: 'undo' });
	});
});

describe('waiting', () => {
	test('a pause waits until it is resumed', () => {
		const events: JournalEvent[] = [...built, { type: 'paused' }];
		expect(next(events)).toEqual({ type: 'wait', for: 'resume' });
		expect(next([...events, { type: 'resumed' }])).toMatchObject({ step: { id: 'compare' } });
	});

	test('a second pause counts again', () => {
		const events: JournalEvent[] = [{ type: 'paused' }, { type: 'resumed' }, { type: 'paused' }];
		expect(next(events)).toEqual({ type: 'wait', for: 'resume' });
	});

	test('a pause during the last step does not hide the trial', () => {
		const events: JournalEvent[] = [
			...compared(true),
			{ type: 'step-started', step: 'switch' },
			{ type: 'paused' },
			{ type: 'step-verified', step: 'switch', result: {} }
		];
		expect(next(events)).toEqual({ type: 'wait', for: 'keep-or-undo' });
	});

	test('a failed gate waits for a decision, and an override goes on', () => {
		expect(next(compared(false))).toEqual({ type: 'wait', for: 'gate-decision' });
		const overridden: JournalEvent[] = [
			...compared(false),
			{ type: 'gate-overridden', reason: 'r' }
		];
		expect(next(overridden)).toMatchObject({ type: 'run', step: { id: 'switch' } });
	});

	describe('with answers to compare, too', () => {
		const plan = world.plan();
		const planned = (id: string) => plan.steps.find((step) => step.id === id)!;
		const answers: PlannedStep = {
			...{ id: 'answers', kind: 'compare-answers' },
			params: { from: models.old, to: models.new, prompts: [] }
		};
		const both = { ...plan, steps: [planned('compare'), answers, planned('switch')] };
		const after = (...events: readonly JournalEvent[]) => nextAction(journalOf(both, ...events));
		const found = (passed: boolean): JournalEvent[] => compared(passed).slice(-2);
		const answered = (passed: boolean): JournalEvent[] => [
			{ type: 'step-started', step: 'answers' },
			{ type: 'step-verified', step: 'answers', result: { passed } }
		];
		const override: JournalEvent = { type: 'gate-overridden', reason: 'r' };

		test('the decision comes when everything has been compared', () => {
			expect(after(...found(false))).toMatchObject({ type: 'run', step: { id: 'answers' } });
			const waits = { type: 'wait', for: 'gate-decision' };
			expect(after(...found(false), ...answered(true))).toEqual(waits);
			expect(after(...found(true), ...answered(false))).toEqual(waits);
		});

		test('one reason stands for both', () => {
			expect(after(...found(false), ...answered(false), override)).toMatchObject({
				step: { id: 'switch' }
			});
		});

		test('a reason does not stand for what fails after it', () => {
			expect(after(...found(false), override, ...answered(false))).toEqual({
				type: 'wait',
				for: 'gate-decision'
			});
		});
	});

	test('a passed gate asks nothing', () => {
		expect(next(compared(true))).toMatchObject({ type: 'run', step: { id: 'switch' } });
	});

	test('the switch waits for approval where the user wants to be asked', () => {
		const ask = { switchMoment: 'ask' } as const;
		expect(next(compared(true), ask)).toEqual({ type: 'wait', for: 'switch-approval' });
		const approved: JournalEvent[] = [...compared(true), { type: 'switch-approved' }];
		expect(next(approved, ask)).toMatchObject({ type: 'run', step: { id: 'switch' } });
	});

	test('the gate is decided before the switch is asked about', () => {
		expect(next(compared(false), { switchMoment: 'ask' })).toEqual({
			type: 'wait',
			for: 'gate-decision'
		});
	});
});

describe('going back', () => {
	test('undoes the started steps, the latest first', () => {
		const events: JournalEvent[] = [
			...verified('preflight', 'snapshot', 'download:new'),
			{ type: 'step-started', step: 'canary:embedding' },
			goBack
		];
		expect(next(events)).toMatchObject({ type: 'undo', step: { id: 'canary:embedding' } });
		const one = [...events, ...undone('canary:embedding')];
		expect(next(one)).toMatchObject({ type: 'undo', step: { id: 'download:new' } });
		const all = [...one, ...undone('download:new'), ...undone('snapshot'), ...undone('preflight')];
		expect(next(all)).toEqual({ type: 'finish-rollback' });
		expect(next([...all, { type: 'rolled-back' }])).toEqual({
			type: 'stop',
			outcome: 'rolled-back'
		});
	});

	test('repeats an undo that was started and not finished', () => {
		const events: JournalEvent[] = [
			...verified('preflight', 'snapshot'),
			goBack,
			{ type: 'undo-started', step: 'snapshot' }
		];
		expect(next(events)).toMatchObject({ type: 'undo', step: { id: 'snapshot' } });
	});

	test('begins with the switch when the trial is undone', () => {
		expect(next([...switched, goBack])).toMatchObject({ type: 'undo', step: { id: 'switch' } });
	});

	test('has nothing to undo before the first step', () => {
		expect(next([goBack])).toEqual({ type: 'finish-rollback' });
	});

	test('does not wait: neither for Resume, nor for the gate, nor for the switch', () => {
		const events: JournalEvent[] = [...compared(false), { type: 'paused' }, goBack];
		expect(next(events, { switchMoment: 'ask' })).toMatchObject({ type: 'undo' });
	});
});

describe('a journal that cannot have happened is refused', () => {
	const impossible: Readonly<Record<string, readonly JournalEvent[]>> = {
		'two plans': [{ type: 'planned', plan: world.plan() }],
		'a step out of turn': [{ type: 'step-started', step: 'switch' }],
		'an unknown step': [{ type: 'step-started', step: 'dance' }],
		'a result without a start': [{ type: 'step-verified', step: 'snapshot', result: {} }],
		'a checkpoint without a start': [{ type: 'step-checkpoint', step: 'snapshot', checkpoint: 1 }],
		'a step while going back': [goBack, { type: 'step-started', step: 'preflight' }],
		'an undo without a reason': [
			...verified('preflight', 'snapshot'),
			{ type: 'undo-started', step: 'snapshot' }
		],
		'Keep before the end': [...built, { type: 'kept' }],
		'Keep while going back': [...switched, goBack, { type: 'kept' }],
		'going back after Keep': [...switched, { type: 'kept' }, goBack],
		'a commit without Keep': [...switched, { type: 'committed' }],
		'a finished rollback without a reason': [{ type: 'rolled-back' }],
		'an entry after the end': [goBack, { type: 'rolled-back' }, { type: 'paused' }],
		'an unknown entry': [{ type: 'sung' } as unknown as JournalEvent]
	};

	test.each(Object.entries(impossible))('%s', (_, events) => {
		expect(() => next(events)).toThrow(
			expect.objectContaining({ code: 'migration/journal-corrupt' })
		);
	});

	test('no entries, no plan, a gap, a foreign entry', () => {
		const whole = journalOf(world.plan(), ...verified('preflight', 'snapshot'));
		const corrupt = /journal cannot be read/;
		expect(() => nextAction([])).toThrow(corrupt);
		expect(() => nextAction(whole.slice(1))).toThrow(corrupt);
		expect(() => nextAction([whole[0]!, whole[2]!])).toThrow(corrupt);
		const foreign = { ...whole[1]!, planId: 'other' as (typeof whole)[0]['planId'] };
		expect(() => nextAction([whole[0]!, foreign])).toThrow(corrupt);
	});
});
