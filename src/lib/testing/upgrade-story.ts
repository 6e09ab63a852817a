import type { ErrorCode } from '../core/error-code.ts';
import { AppError, hasCode } from '../core/errors.ts';
import { days } from '../migration/days.ts';
import type { MigrationPlan } from '../migration/plan.ts';
import type { Rest } from '../migration/migration-run.ts';
import type { Waiting } from '../migration/next-action.ts';
import type { CrashPoint } from './crash-point.ts';
import { isSimulatedCrash } from './simulated-crash.ts';
import { fewQuestions, type UpgradeKind } from './upgrade-kinds.ts';
import type { UpgradeTab } from './upgrade-tab.ts';
import type { UpgradeWorld } from './upgrade-world.ts';
import type { BenchScript } from './scripted-bench.ts';
import { modelIds } from './upgrade-models.ts';
import type { StepCall, StepWatch } from './watched-steps.ts';

/** What happens in an upgrade besides crashes, and what its user does. */
export interface Story {
	readonly name: string;
	/** What the engines do. */
	readonly script?: BenchScript;
	/** The comparison is to fail, whatever it finds. */
	readonly harsh?: boolean;
	/** A call of a step that fails; `times` is forgotten by nobody, also not by a crash. Default: always. */
	readonly fault?: StepCall & { readonly code: ErrorCode; readonly times?: number };
	/** A step that always says that it is not done. */
	readonly denied?: string;
	/** What the user does when that step begins. */
	readonly wish?: { readonly step: string; readonly what: 'stop' | 'pause' };
	/** What the user does once the trial runs. */
	readonly trial: 'keep' | 'undo' | 'keep longer, then undo' | 'let it expire' | 'failing starts';
	/** What the user does when it has paused by itself. Default: resume. */
	readonly paused?: 'stop';
	/** What the user does after a failed comparison. Default: stop. */
	readonly gate?: 'override' | 'stop';
	readonly outcome: 'committed' | 'rolled-back';
}

/** Lives through one story on one device, in as many tabs as it takes. */
export class StoryRun implements StepWatch {
	readonly world: UpgradeWorld;
	readonly #kind: UpgradeKind;
	readonly #story: Story;
	#tab: UpgradeTab | null = null;
	#before: number | null = null;
	#faults: number;
	#paused = false;

	constructor(device: UpgradeWorld, kind: UpgradeKind, story: Story) {
		const { customSteps } = kind;
		const { script = {} } = story;
		this.world = device.copy({ script, watch: this, ...(customSteps && { customSteps }) });
		this.#kind = kind;
		this.#story = story;
		this.#faults = story.fault?.times ?? Infinity;
	}

	/** From a start of the app to the end of the upgrade, or to a crash: then the tab is gone. False when it crashed. */
	async live(crash: CrashPoint): Promise<boolean> {
		const tab = (this.#tab = this.world.open(crash));
		try {
			await tab.keeper.bringInLine();
			let rest = await this.#begin(tab);
			while (rest?.type === 'waiting') rest = await this.#answer(tab, rest.for);
			return true;
		} catch (error) {
			if (isSimulatedCrash(error)) return false;
			throw error;
		} finally {
			tab.close();
		}
	}

	/** The dates of everything pass, and the app is started once more. Returns how many stray parts were collected. */
	async afterAll(): Promise<number> {
		this.world.clock.jump(days(60));
		const tab = this.world.open();
		await tab.controller.resumeUnfinished();
		await tab.keeper.bringInLine();
		await tab.collect();
		return tab.collect();
	}

	call({ step, method, when }: StepCall): void {
		const { fault, wish } = this.#story;
		if (method === 'do' && when === 'before' && wish?.step === step) this.#say(wish.what);
		const isDue = fault?.step === step && fault.method === method && fault.when === when;
		if (!isDue || this.#faults <= 0) return;
		this.#faults--;
		throw new AppError(fault.code);
	}

	denies(step: string): boolean {
		return this.#story.denied === step;
	}

	#say(what: 'stop' | 'pause'): void {
		const controller = this.#tab?.controller;
		// The life in which it is said ends by itself when the tab dies of it.
		if (what === 'stop') void controller?.stop().catch(() => undefined);
		else if (!this.#paused) void controller?.pause().catch(() => undefined);
		this.#paused = true;
	}

	async #begin(tab: UpgradeTab): Promise<Rest | null> {
		const journals = (await tab.journal.all()).length;
		this.#before ??= journals;
		if (journals > this.#before) return this.#again(() => tab.controller.resumeUnfinished());
		const gate = { ...fewQuestions.gate, ...(this.#story.harsh && { maxRecallLoss: -1 }) };
		const plan = await tab.plan(this.#kind.wish, { ...fewQuestions, gate });
		return this.#again(() => tab.controller.start(plan));
	}

	async #answer(tab: UpgradeTab, waiting: Waiting): Promise<Rest | null> {
		const { controller } = tab;
		const { gate, trial, paused } = this.#story;
		if (waiting === 'resume' && paused !== 'stop') return this.#again(() => controller.resume());
		if (waiting === 'gate-decision' && gate === 'override')
			return this.#again(() => controller.overrideGate('I looked at it myself.'));
		if (waiting !== 'keep-or-undo') return this.#again(() => controller.stop());
		// As the app does when it notices the switch.
		await tab.keeper.bringInLine();
		await tab.collect();
		if (trial === 'keep') return controller.keep();
		if (trial === 'let it expire') {
			this.world.clock.jump(days(8));
			return controller.resumeUnfinished();
		}
		if (trial === 'failing starts') {
			await tab.setup.countStart();
			return (await controller.reportFailedStart()) ?? { type: 'waiting', for: waiting };
		}
		if (trial === 'keep longer, then undo') await this.#extendOnce(tab);
		return this.#again(() => controller.undo());
	}

	/** What a planted fault of an undo has ended is taken up again, as at the next start. */
	async #again(work: () => Promise<Rest | null>): Promise<Rest | null> {
		try {
			return await work();
		} catch (error) {
			const { fault } = this.#story;
			if (fault?.method !== 'undo' || !hasCode(error, fault.code)) throw error;
			return (await this.#tab?.controller.resumeUnfinished()) ?? null;
		}
	}

	async #extendOnce({ controller, journal }: UpgradeTab): Promise<void> {
		const [newest = []] = await journal.all();
		if (!newest.some(({ type }) => type === 'extended')) await controller.keepLonger(2);
	}
}

/** Everything that can happen in an upgrade of that plan. The first two are the plain ones. */
export function storiesOf(plan: MigrationPlan): Story[] {
	const hasGate = plan.steps.some(({ kind }) => kind === 'compare');
	return [
		{ name: 'it is kept', trial: 'keep', outcome: 'committed' },
		{ name: 'it is undone', trial: 'undo', outcome: 'rolled-back' },
		{
			name: 'the trial is extended, then it is undone',
			trial: 'keep longer, then undo',
			outcome: 'rolled-back'
		},
		{ name: 'the trial ends by itself', trial: 'let it expire', outcome: 'committed' },
		{ name: 'its engines do not start', trial: 'failing starts', outcome: 'rolled-back' },
		...(hasGate ? indexStories : []),
		...plan.steps.flatMap(({ id }) => storiesOfStep(id))
	];
}

const lost: BenchScript = {
	before: ({ model, texts, purpose }) => {
		const isNew = model !== modelIds.mini && purpose === 'passage';
		if (isNew && texts.some((text) => text.includes('doc2topic5')))
			throw new AppError('engine/device-lost');
	}
};

const oneBadPassage: BenchScript = {
	vector: (model, text, dims) =>
		model !== modelIds.mini && text.includes('doc2topic5')
			? new Float32Array(dims).fill(NaN)
			: undefined
};

const indexStories: readonly Story[] = [
	{
		...{ name: 'the device is lost in the middle of embedding', script: lost },
		...{ trial: 'undo', outcome: 'rolled-back' }
	},
	{
		...{ name: 'one passage cannot be embedded, then Stop', script: oneBadPassage },
		...{ trial: 'undo', paused: 'stop', outcome: 'rolled-back' }
	},
	{
		...{ name: 'the comparison fails, then Stop', harsh: true },
		...{ trial: 'undo', gate: 'stop', outcome: 'rolled-back' }
	},
	{
		...{ name: 'the comparison fails and is overridden', harsh: true },
		...{ trial: 'keep', gate: 'override', outcome: 'committed' }
	}
];

function storiesOfStep(step: string): Story[] {
	const lost = { step, method: 'do', code: 'engine/device-lost' } as const;
	const full = { step, code: 'storage/quota', when: 'before', times: 1 } as const;
	const back = { trial: 'undo', outcome: 'rolled-back' } as const;
	const kept = { trial: 'keep', outcome: 'committed' } as const;
	return [
		{ name: `${step} fails before it has begun`, fault: { ...lost, when: 'before' }, ...back },
		{ name: `${step} fails when it has done its work`, fault: { ...lost, when: 'after' }, ...back },
		{ name: `${step} fails once, then Resume`, fault: { ...full, method: 'do' }, ...kept },
		{ name: `${step} denies what it has done`, denied: step, ...back },
		{ name: `the undo of ${step} fails once`, fault: { ...full, method: 'undo' }, ...back },
		{ name: `the user stops in ${step}`, wish: { step, what: 'stop' }, ...back },
		{ name: `the user pauses in ${step}`, wish: { step, what: 'pause' }, ...kept }
	];
}
