import { beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '../../core/errors.ts';
import type { EntryId, ModelId, PlanId } from '../../core/ids.ts';
import { nextTask } from '../../core/next-task.ts';
import type { ModelListing } from '../../library/library-api.ts';
import type { MigrationView } from '../../migration/describe-progress.ts';
import type { DryRunReport } from '../../migration/dry-run.ts';
import type { MigrationPlan, Refusal, UpgradeOptions } from '../../migration/plan.ts';
import { frozenModelOf, listingOf } from '../../testing/listing-of.ts';
import type { LicenceQuestion } from '../licence-book.ts';
import type { ScheduledUpgrade } from '../scheduled-upgrade.ts';
import type { ShownError } from '../shown-error.ts';
import type { StartCondition } from '../start-condition.ts';
import type { EngineWish, PlannedWish } from '../upgrade-desk.ts';
import { WizardView } from './wizard-view.svelte.ts';

const known = listingOf('New', { entry: { tasks: ['generate', 'embed'] } });
const listing: ModelListing = { ...known, frozen: frozenModelOf(known) };
const id = listing.id;
const fits = new Map([[id, { verdict: 'tight', reason: 'It is slow.' } as const]]);
const report = { sampled: 3 } as DryRunReport;
const noSpace: Refusal = { reason: 'no-space', message: 'Too big.', instead: 'Delete one.' };

/** Answers with plans that name what was wished for. */
class FakeDesk {
	readonly wishes: { wish: EngineWish; options: UpgradeOptions }[] = [];
	listed: readonly ModelListing[] = [listing];
	refusal: Refusal | null = null;
	failure: AppError | null = null;
	/** Awaited by each call. */
	hold: Promise<unknown> = Promise.resolve();

	licences: readonly LicenceQuestion[] = [];
	accepted: boolean[] = [];

	freeBytes(): Promise<number> {
		return Promise.resolve(5000);
	}

	passageSize(): Promise<number> {
		return Promise.resolve(900);
	}

	accept(_: LicenceQuestion, agrees: boolean): Promise<void> {
		this.accepted.push(agrees);
		return this.#answer(undefined);
	}

	listings(): Promise<ModelListing[]> {
		return this.#answer([...this.listed]);
	}

	fits() {
		return this.#answer(fits);
	}

	plan(wish: EngineWish, options: UpgradeOptions, signal: AbortSignal): Promise<PlannedWish> {
		this.wishes.push({ wish, options });
		this.signal = signal;
		const params = { model: wish.embedding ?? id, bytes: 1 };
		const steps = [{ id: 'download', kind: 'download', params }];
		const plan = { id: `plan-${this.wishes.length}` as PlanId, options, steps };
		const models = this.listed.flatMap(({ frozen }) => frozen ?? []);
		return this.#answer({
			models,
			licences: this.licences,
			result: this.refusal
				? { ok: false, refusal: this.refusal }
				: { ok: true, plan: plan as unknown as MigrationPlan }
		});
	}

	/** Of the setup that plans begin with. */
	current = true;

	isCurrent(): Promise<boolean> {
		return Promise.resolve(this.current);
	}

	dryRun(_: MigrationPlan, signal: AbortSignal): Promise<DryRunReport> {
		this.signal = signal;
		return this.#answer(report);
	}

	signal: AbortSignal | null = null;

	async #answer<T>(value: T): Promise<T> {
		await this.hold;
		if (this.failure) throw this.failure;
		return value;
	}
}

/** Starts what it is given, unless it has an error to show. */
class FakeUpgrade {
	readonly started: string[] = [];
	view: MigrationView | null = null;
	error: ShownError | null = null;

	start = async ({ id }: MigrationPlan): Promise<void> => {
		this.started.push(id);
		if (!this.error) this.view = { planId: id } as MigrationView;
		return Promise.resolve();
	};
}

class FakeSchedule {
	scheduled: ScheduledUpgrade | null = null;
	error: ShownError | null = null;
	readonly done: string[] = [];

	set = async (wish: EngineWish, plan: MigrationPlan, when: StartCondition): Promise<void> => {
		this.done.push(`set ${plan.id} of ${wish.embedding ?? 'nothing'} when ${when}`);
		return Promise.resolve();
	};

	cancel = async (): Promise<void> => {
		this.done.push('cancel');
		return Promise.resolve();
	};
}

let desk: FakeDesk;
let upgrade: FakeUpgrade;
let schedule: FakeSchedule;
let wizard: WizardView;

beforeEach(() => {
	desk = new FakeDesk();
	upgrade = new FakeUpgrade();
	schedule = new FakeSchedule();
	wizard = new WizardView({ desk: async () => desk, upgrade, schedule });
});

/** The wizard at page 4, with a plan. */
async function atReview(): Promise<void> {
	wizard.embedding = id;
	for (let i = 0; i < 3; i++) await wizard.next();
}

/** Makes the desk wait, and returns what lets it go on. */
function held(): () => void {
	const { promise, resolve } = Promise.withResolvers<null>();
	desk.hold = promise;
	return () => resolve(null);
}

describe('the pages', () => {
	test('follow one another to the review, and no further', async () => {
		await atReview();
		expect(wizard.step).toBe(4);
		await wizard.next();
		expect(wizard.step).toBe(4);
	});

	test('lead back without losing what was entered', async () => {
		wizard.options = { ...wizard.options, keepDays: 30 };
		await atReview();
		for (let i = 0; i < 5; i++) wizard.back();
		expect([wizard.step, wizard.embedding, wizard.options.keepDays]).toEqual([1, id, 30]);
	});

	test('know the models on offer', async () => {
		await wizard.load();
		expect(wizard.listings).toEqual([listing]);
		desk.failure = new AppError('wire/worker-died');
		await wizard.load();
		expect(wizard.error?.code).toBe('wire/worker-died');
	});

	test('know what can take over a role, and how well it fits', async () => {
		await wizard.load();
		const [choice] = wizard.choicesFor('embed', undefined).all;
		expect([choice?.listing, choice?.fit]).toEqual([listing, fits.get(id)]);
		expect(wizard.choicesFor('generate', id).all).toEqual([]);
	});

	test('begin with a model that was chosen elsewhere, for all that it can do', async () => {
		await atReview();
		wizard.preselect(listing);
		expect([wizard.step, wizard.chat, wizard.embedding]).toEqual([1, id, id]);
	});

	test('begin anew after an upgrade, with nothing chosen', async () => {
		await atReview();
		wizard.reset();
		expect([wizard.step, wizard.chat, wizard.embedding, wizard.plan]).toEqual([
			1,
			'keep',
			'keep',
			null
		]);
	});

	test('are about an upgrade that runs already', () => {
		wizard.follow();
		expect(wizard.step).toBe(5);
	});
});

describe('the plan', () => {
	test('is made of what was chosen and of the options as they are at the review', async () => {
		wizard.embedding = id;
		await wizard.next();
		wizard.options = { ...wizard.options, keepDays: 3 };
		await wizard.next();
		await wizard.next();
		expect(desk.wishes.map(({ wish }) => wish)).toEqual([
			{ chat: null, embedding: id },
			{ chat: null, embedding: id }
		]);
		expect(wizard.plan?.id).toBe('plan-2');
		expect(wizard.plan?.options.keepDays).toBe(3);
	});

	test('of nothing is refused on the first page already', async () => {
		desk.refusal = { ...noSpace, reason: 'nothing-to-change' };
		await wizard.next();
		expect([wizard.step, wizard.refusal?.reason]).toEqual([1, 'nothing-to-change']);
	});

	test('that is refused otherwise is shown as refused at the review', async () => {
		desk.refusal = noSpace;
		await atReview();
		expect([wizard.step, wizard.plan, wizard.refusal]).toEqual([4, null, noSpace]);
		wizard.back();
		desk.refusal = null;
		await wizard.next();
		expect([wizard.plan?.id, wizard.refusal]).toEqual(['plan-3', null]);
	});

	test('is made anew where another page has changed what is in use meanwhile', async () => {
		await atReview();
		const { id: first } = wizard.plan!;
		await wizard.load();
		expect(wizard.plan?.id).toBe(first);
		desk.current = false;
		await wizard.load();
		expect([wizard.step, wizard.error]).toEqual([4, null]);
		expect(wizard.plan?.id).not.toBe(first);
	});

	test('that cannot be made keeps the page, says why, and leaves no older plan', async () => {
		await atReview();
		wizard.back();
		desk.failure = new AppError('storage/unavailable');
		await wizard.next();
		expect([wizard.step, wizard.plan, wizard.busy]).toEqual([3, null, null]);
		expect(wizard.error?.code).toBe('storage/unavailable');
		desk.failure = null;
		await wizard.next();
		expect([wizard.step, wizard.error]).toEqual([4, null]);
	});

	test('is made once for two clicks', async () => {
		const go = held();
		const clicks = [wizard.next(), wizard.next()];
		expect(wizard.busy).toBe('planning');
		go();
		await Promise.all(clicks);
		expect([wizard.step, desk.wishes.length]).toEqual([2, 1]);
	});

	test('that is still being made is dropped by whoever goes back', async () => {
		await atReview();
		wizard.back();
		const go = held();
		const next = wizard.next();
		wizard.back();
		expect([wizard.step, wizard.busy]).toEqual([2, null]);
		go();
		await next;
		expect([wizard.step, wizard.plan]).toEqual([2, null]);
	});
});

describe('a model that only its publisher can freeze', () => {
	const branch: ModelListing = { ...listing, id: 'new@main' as ModelId, frozen: null };

	beforeEach(async () => {
		desk.listed = [branch];
		await wizard.load();
		wizard.embedding = branch.id;
	});

	test('stays chosen under the id that it has once it is frozen', async () => {
		const go = held();
		const next = wizard.next();
		desk.listed = [listing];
		go();
		await next;
		expect([wizard.step, wizard.embedding, wizard.listings]).toEqual([2, id, [listing]]);
		await wizard.next();
		await wizard.next();
		expect(desk.wishes.map(({ wish }) => wish.embedding)).toEqual(['new@main', id]);
	});

	test('that cannot be frozen keeps the first page, and says what to do', async () => {
		desk.failure = new AppError('download/offline');
		await wizard.next();
		expect([wizard.step, wizard.embedding]).toEqual([1, 'new@main']);
		expect(wizard.error?.code).toBe('download/offline');
		expect(wizard.error?.advice).not.toBe('');
	});

	test('is asked for no longer by whoever leaves', async () => {
		const go = held();
		const next = wizard.next();
		await nextTask();
		wizard.leave();
		expect(desk.signal?.aborted).toBe(true);
		go();
		await next;
		expect([wizard.step, wizard.plan]).toEqual([1, null]);
	});

	test('does not change what was chosen in the meantime', async () => {
		const go = held();
		const next = wizard.next();
		wizard.embedding = 'keep';
		desk.listed = [listing];
		go();
		await next;
		expect(wizard.embedding).toBe('keep');
	});
});

describe('what a plan downloads', () => {
	test('is told file by file', async () => {
		wizard.embedding = id;
		await wizard.next();
		expect(wizard.downloads).toEqual([listing.frozen]);
	});

	test('is nothing without a plan', async () => {
		await atReview();
		wizard.back();
		desk.refusal = noSpace;
		await wizard.next();
		expect(wizard.downloads).toEqual([]);
	});
});

describe('a dry run', () => {
	test('shows its report, which the next plan makes void', async () => {
		await atReview();
		await wizard.tryOut();
		expect(wizard.dryRunReport).toBe(report);
		wizard.back();
		await wizard.next();
		expect(wizard.dryRunReport).toBeNull();
	});

	test('says why it failed', async () => {
		await atReview();
		desk.failure = new AppError('library/not-installed', { details: { model: 'NEW' } });
		await wizard.tryOut();
		expect([wizard.error?.code, wizard.busy]).toEqual(['library/not-installed', null]);
	});

	test('its failure is no part of the upgrade that is started after it', async () => {
		await atReview();
		desk.failure = new AppError('library/not-installed', { details: { model: 'NEW' } });
		await wizard.tryOut();
		await wizard.start();
		expect([wizard.step, wizard.error]).toEqual([5, null]);
	});

	test('without a plan does nothing', async () => {
		await wizard.tryOut();
		expect(desk.signal).toBeNull();
	});

	test.each(['back', 'leave', 'start'] as const)('ends with %s, and is not shown', async (end) => {
		await atReview();
		const go = held();
		const trying = wizard.tryOut();
		await nextTask();
		void wizard[end]();
		expect([desk.signal?.aborted, wizard.busy]).toEqual([true, null]);
		go();
		await trying;
		expect([wizard.dryRunReport, wizard.error]).toEqual([null, null]);
	});

	test('that was left does not end what is made after it', async () => {
		await atReview();
		const goDryRun = held();
		const trying = wizard.tryOut();
		await nextTask();
		wizard.back();
		const goPlan = held();
		const next = wizard.next();
		goDryRun();
		await trying;
		expect(wizard.busy).toBe('planning');
		goPlan();
		await next;
		expect([wizard.step, wizard.busy]).toEqual([4, null]);
	});
});

describe('starting', () => {
	test('hands the plan over once, and shows page 5', async () => {
		await atReview();
		await Promise.all([wizard.start(), wizard.start()]);
		expect([upgrade.started, wizard.step]).toEqual([['plan-2'], 5]);
	});

	test('that is refused leads back to the review, with the reason', async () => {
		await atReview();
		upgrade.error = { code: 'migration/running', message: 'Another one runs.', advice: 'Wait.' };
		await wizard.start();
		expect([wizard.step, wizard.error]).toEqual([4, upgrade.error]);
	});

	test('that was planned with another setup is planned anew, and says so', async () => {
		await atReview();
		const { id: old } = wizard.plan!;
		desk.current = false;
		upgrade.error = { code: 'migration/refused', message: 'Refused.', advice: 'Choose.' };
		await wizard.start();
		expect([wizard.step, wizard.error?.code]).toEqual([4, 'migration/outdated']);
		expect(wizard.plan?.id).not.toBe(old);
		desk.current = true;
		upgrade.error = null;
		await wizard.start();
		expect([wizard.step, upgrade.started]).toEqual([5, [old, 'plan-3']]);
	});

	test('without a plan does nothing', async () => {
		await wizard.start();
		expect([upgrade.started, wizard.step]).toEqual([[], 1]);
	});
});

describe('the index', () => {
	const index = () => desk.wishes.at(-1)?.wish.index;

	test('is part of the wish only where something is wished for it', async () => {
		await atReview();
		expect(index()).toBeUndefined();
	});

	test('can be rebuilt, or cut up in another size, with both engines kept', async () => {
		wizard.rebuild = true;
		await wizard.next();
		expect(desk.wishes.at(-1)?.wish).toEqual({
			...{ chat: null, embedding: null },
			index: { rebuild: true, chunkSize: null }
		});
		wizard.back();
		wizard.rebuild = false;
		wizard.chunkSize = 500;
		await wizard.next();
		expect(index()).toEqual({ rebuild: false, chunkSize: 500 });
	});

	test('keeps what was wished for it on the way back, and forgets it with a reset', async () => {
		wizard.chunkSize = 1500;
		wizard.rebuild = true;
		for (let i = 0; i < 3; i++) await wizard.next();
		for (let i = 0; i < 3; i++) wizard.back();
		expect([wizard.chunkSize, wizard.rebuild]).toEqual([1500, true]);
		wizard.reset();
		expect([wizard.chunkSize, wizard.rebuild]).toEqual([null, false]);
	});

	test('and the room that there is are known', async () => {
		await wizard.load();
		expect(wizard.passageSize).toBe(900);
		await atReview();
		expect(wizard.freeBytes).toBe(5000);
	});
});

describe('a licence', () => {
	const question: LicenceQuestion = {
		...{ entry: 'new' as EntryId, name: 'Terms', url: 'https://x.test', model: 'New' },
		accepted: false
	};

	beforeEach(async () => {
		desk.licences = [question];
		desk.refusal = { reason: 'licence', message: 'Not accepted.', instead: 'Accept it.' };
		await atReview();
	});

	test('that is not accepted stands on the review page, beside the refusal', () => {
		expect([wizard.step, wizard.refusal?.reason, wizard.plan]).toEqual([4, 'licence', null]);
		expect(wizard.licences).toEqual([question]);
	});

	test('makes room for the plan when it is accepted, on the same page', async () => {
		desk.refusal = null;
		desk.licences = [{ ...question, accepted: true }];
		await wizard.answerLicence(question, true);
		expect(desk.accepted).toEqual([true]);
		expect([wizard.step, wizard.plan !== null, wizard.refusal]).toEqual([4, true, null]);
		expect(wizard.licences[0]?.accepted).toBe(true);
	});

	test('that cannot be noted is an error, and changes nothing', async () => {
		desk.failure = new AppError('storage/quota');
		await wizard.answerLicence(question, true);
		expect([wizard.error?.code, wizard.refusal?.reason]).toEqual(['storage/quota', 'licence']);
	});
});

describe('an upgrade for later', () => {
	test('is handed over as it was wished for and reviewed, and the wizard begins anew', async () => {
		await atReview();
		await wizard.startLater('night');
		expect(schedule.done).toEqual([`set plan-2 of ${id} when night`]);
		expect([wizard.step, wizard.embedding, wizard.plan]).toEqual([1, 'keep', null]);
		expect(upgrade.started).toEqual([]);
	});

	test('stays on the review page when it cannot be noted', async () => {
		await atReview();
		schedule.error = { code: 'storage/quota', message: 'Full.', advice: 'Free some.' };
		await wizard.startLater('idle');
		expect([wizard.step, wizard.error?.message]).toEqual([4, 'Full.']);
	});

	test('is given up for one that starts now', async () => {
		schedule.scheduled = { id: 'next' } as ScheduledUpgrade;
		await atReview();
		await wizard.start();
		expect(schedule.done).toEqual(['cancel']);
		expect(upgrade.started).toEqual(['plan-2']);
	});

	test('is nothing without a plan', async () => {
		await wizard.startLater('idle');
		expect(schedule.done).toEqual([]);
	});
});
