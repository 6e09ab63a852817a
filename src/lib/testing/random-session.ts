import type { EngineWish } from '../app/upgrade-desk.ts';
import type { ConversationId } from '../core/ids.ts';
import { AppError, hasCode, toAppError } from '../core/errors.ts';
import type { ErrorCode } from '../core/error-code.ts';
import { documentStore } from '../knowledge/knowledge-records.ts';
import { days } from '../migration/days.ts';
import type { UpgradeOptions } from '../migration/plan.ts';
import type { Rest } from '../migration/migration-run.ts';
import { CrashPoint } from './crash-point.ts';
import type { Action } from './random-actions.ts';
import { isSimulatedCrash } from './simulated-crash.ts';
import { fewQuestions } from './upgrade-kinds.ts';
import { modelIds } from './upgrade-models.ts';
import type { UpgradeTab } from './upgrade-tab.ts';
import { ask, documentOf, UpgradeWorld } from './upgrade-world.ts';
import { SessionFaults } from './session-faults.ts';
import { SessionModel, type Outcomes } from './session-model.ts';
import { expectSame } from './world-image.ts';

/** What may be wished for; what leads nowhere from the present setup is refused, as in the wizard. */
const wishes: readonly EngineWish[] = [
	{ chat: modelIds.bigChat, embedding: null },
	{ chat: modelIds.otherChat, embedding: null },
	{ chat: modelIds.plainChat, embedding: null },
	{ chat: null, embedding: modelIds.bigEmbed },
	{ chat: null, embedding: modelIds.otherEmbed },
	{ chat: null, embedding: modelIds.miniAfter },
	{ chat: null, embedding: modelIds.mini },
	{ chat: modelIds.bigChat, embedding: modelIds.bigEmbed },
	{ chat: modelIds.plainChat, embedding: modelIds.otherEmbed },
	{ chat: null, embedding: null, index: { rebuild: true, chunkSize: null } },
	{ chat: null, embedding: null, index: { rebuild: false, chunkSize: 500 } },
	{ chat: null, embedding: null, index: { rebuild: false, chunkSize: 900 } },
	{ chat: null, embedding: modelIds.bigEmbed, index: { rebuild: true, chunkSize: 500 } }
];

/** What the user may be told when something cannot be done now. */
const mayBeTold: readonly ErrorCode[] = [
	...(['migration/refused', 'migration/running', 'cancelled', 'storage/quota'] as const),
	...(['engine/device-lost', 'tab/leader-changed'] as const)
];

type Fault = Extract<
	Action,
	{ do: 'failed start' | 'crash' | 'restart' | 'fill the disk' | 'lose the device' }
>;

/** Longer than anything takes: then it waits for what never comes. */
const maxTurns = 3000;

/** The device of all sessions, with engines as they are in sessions. */
export function sessionDevice(): Promise<UpgradeWorld> {
	return UpgradeWorld.furnished([3, 2, 2], { script: new SessionFaults().script });
}

/** One user, one device and its tabs, who do what they are told; after each action the model is asked whether all is well. */
export class RandomSession {
	readonly #world: UpgradeWorld;
	readonly #model: SessionModel;
	readonly #faults: SessionFaults;
	readonly #chats: ConversationId[] = [];
	#crash = CrashPoint.never();
	#tab: UpgradeTab;
	/** What runs beside the actions: the upgrade, and what the app tends after its start. */
	#beside = new Set<Promise<void>>();
	#failure: unknown = null;
	#version = 0;

	private constructor(world: UpgradeWorld, model: SessionModel, faults: SessionFaults) {
		this.#world = world;
		this.#model = model;
		this.#faults = faults;
		this.#tab = world.open(this.#crash);
	}

	/** Does all of it, settles everything and collects the garbage. Resolves with how its upgrades ended; rejects with the first thing that is not as it should be. */
	static async live(device: UpgradeWorld, actions: readonly Action[]): Promise<Outcomes> {
		const faults = new SessionFaults();
		const { script, full } = faults;
		const options = { script, records: { beforeCommit: full }, blobs: { beforeEffect: full } };
		const world = device.copy(options);
		const session = new RandomSession(world, await SessionModel.of(world), faults);
		for (const [at, action] of actions.entries())
			await named(`action ${at}, ${JSON.stringify(action)}`, async () => {
				await session.#do(action);
				await session.#afterwards();
			});
		await named('the end', () => session.#settle());
		return session.#model.outcomes();
	}

	/** A crash that has come is dealt with as people do: the app is opened again. */
	async #afterwards(): Promise<void> {
		if (this.#crash.crashed) await this.#reopen();
		if (this.#failure) throw toAppError(this.#failure);
		await this.#model.check();
		if (this.#beside.size === 0) expectSame(this.#tab.bench.opened, 0, 'open engines');
	}

	async #do(action: Action): Promise<void> {
		const { controller } = this.#tab;
		switch (action.do) {
			case 'import':
				await this.#import(`file${action.name}.md`, action.passages);
				break;
			case 'delete':
				await this.#withDocument(action.which, (name) => this.#delete(name));
				break;
			case 'edit':
				await this.#withDocument(action.which, (name) => this.#import(name, action.passages));
				break;
			case 'ask':
				await this.#ask(action);
				break;
			case 'start':
				await this.#start(action);
				break;
			case 'pass time':
				await this.#turns(action.turns);
				break;
			case 'pause':
				await this.#try(() => controller.pause());
				break;
			case 'set speed':
				await this.#try(() => controller.setSpeed(action.gentle ? 'gentle' : 'full'));
				break;
			case 'resume':
				this.#launch(() => controller.resume());
				break;
			case 'approve':
				this.#launch(() => controller.approveSwitch());
				break;
			case 'override':
				this.#launch(() => controller.overrideGate('I have looked at it.'));
				break;
			case 'keep longer':
				await this.#try(() => controller.keepLonger(action.days));
				break;
			case 'keep':
				await this.#decide(() => controller.keep(), 'committed');
				break;
			case 'undo':
				await this.#decide(() => controller.undo(), 'rolled-back');
				break;
			case 'stop':
				await this.#decide(() => controller.stop(), 'rolled-back');
				break;
			case 'jump':
				this.#world.clock.jump(action.hours * 3_600_000);
				break;
			case 'take over':
				await this.#takeOver();
				break;
			case 'rival':
				await this.#rival();
				break;
			case 'maintain':
				await this.#try(() => this.#tab.maintainer.run());
				break;
			case 'collect':
				await this.#try(() => this.#tab.collect());
				break;
			case 'failed start':
			case 'crash':
			case 'restart':
			case 'fill the disk':
			case 'lose the device':
				await this.#fault(action);
		}
	}

	/** What may make an upgrade go back by itself is told to the model. */
	async #fault(action: Fault): Promise<void> {
		switch (action.do) {
			case 'failed start':
				await this.#try(async () => {
					this.#model.mayGoBack ||= (await this.#tab.setup.countStart()) >= 3;
					await this.#tab.controller.reportFailedStart();
				});
				break;
			case 'crash':
				this.#crash.arm(action.after, action.side);
				break;
			case 'restart':
				await this.#reopen();
				break;
			case 'fill the disk':
				this.#faults.fullFor = action.writes;
				break;
			case 'lose the device':
				this.#model.mayGoBack = true;
				this.#faults.lostIn = action.calls;
		}
	}

	async #import(name: string, passages: number): Promise<void> {
		const topic = `${name.replace('.md', '')}edit${this.#version++}`;
		const text = await documentOf(topic, passages).text();
		await this.#model.alsoAllow(name, [text]);
		const file = new File([text], name);
		const done = await this.#try(async () => {
			const old = await this.#rowsOf(name);
			const row = await this.#tab.knowledge.importFile(file);
			// As the app does with a file that has changed: the old one goes when the new one is there.
			for (const { id } of old) await this.#tab.knowledge.removeDocument(id);
			expectSame(row.state, 'ready', 'an import');
		});
		if (done) await this.#model.expectDocument(name, [text]);
	}

	async #delete(name: string): Promise<boolean> {
		await this.#model.alsoAllow(name, [null]);
		const done = await this.#try(async () => {
			for (const { id } of await this.#rowsOf(name)) await this.#tab.knowledge.removeDocument(id);
		});
		if (done) await this.#model.expectDocument(name, [null]);
		return done;
	}

	async #rowsOf(name: string) {
		const rows = await this.#world.disk.list(documentStore);
		return rows.filter((row) => row.name === name);
	}

	async #withDocument(which: number, work: (name: string) => Promise<unknown>): Promise<void> {
		const { names } = this.#model;
		const name = names[which % Math.max(1, names.length)];
		if (name !== undefined) await work(name);
	}

	async #ask({ which, chat }: { readonly which: number; readonly chat: number }): Promise<void> {
		await this.#try(async () => {
			let id = this.#chats[chat];
			if (!id) {
				({ id } = await this.#tab.conversations.create());
				this.#chats.push(id);
			}
			const question = `What does file${which}edit tell about?`;
			const answer = await ask(this.#tab, this.#world, id, question);
			const messages = await this.#tab.conversations.messages(id);
			expectSame(messages.at(-2)?.text, question, 'a question');
			expectSame(messages.at(-1), answer, 'an answer');
		});
	}

	async #start(wish: Extract<Action, { do: 'start' }>): Promise<void> {
		const gate = { ...fewQuestions.gate, ...(wish.harsh && { maxRecallLoss: -1 }) };
		const options: UpgradeOptions = {
			...{ ...fewQuestions, gate },
			speed: wish.gentle ? 'gentle' : 'full',
			switchMoment: wish.asks ? 'ask' : 'when-ready'
		};
		await this.#try(async () => {
			const result = await this.#tab.ask(wishes[wish.kind % wishes.length]!, options);
			if (result.ok) this.#launch(() => this.#tab.controller.start(result.plan));
		});
	}

	/** What a user has been told to be over is over. */
	async #decide(tell: () => Promise<Rest>, outcome: 'committed' | 'rolled-back'): Promise<void> {
		await this.#try(async () => {
			const plan = await this.#tab.journal.unfinished();
			const rest = await tell();
			if (rest.type === 'suspended') return;
			expectSame(rest, { type: 'ended', outcome }, 'how it ended');
			if (plan) this.#model.decide(plan, outcome);
		});
	}

	/** Another tab wants to go on with what this one runs. */
	async #rival(): Promise<void> {
		if (this.#tab.controller.view === null || this.#beside.size === 0) return;
		const rival = this.#world.open();
		await this.#try(async () => {
			const lock = await rival.locks.tryHold('migration', () => Promise.resolve());
			if (!lock.held) await rival.controller.resumeUnfinished();
		});
		rival.close();
	}

	async #takeOver(): Promise<void> {
		const { controller, maintainer } = this.#tab;
		maintainer.stop();
		await this.#try(() => controller.suspend());
		await this.#reopen();
	}

	/** The tab is gone, and the app is opened in another one. */
	async #reopen(): Promise<void> {
		// Three times in one step, and it is taken that the step kills the tab.
		this.#model.mayGoBack ||= ++this.#faults.reopened >= 3;
		this.#crash.kill();
		this.#tab.close();
		this.#beside = new Set();
		this.#crash = CrashPoint.never();
		const tab = (this.#tab = this.#world.open(this.#crash));
		await this.#try(async () => {
			await tab.conversations.markInterrupted();
			await tab.keeper.bringInLine();
			await tab.knowledge.documents();
			const { trial } = (await tab.setup.read())!;
			if (trial) await tab.controller.resumeUnfinished();
			await tab.library.audit();
			await tab.library.resumeAll();
			if (!trial) this.#launch(() => tab.controller.resumeUnfinished());
			this.#launch(async () => {
				await tab.maintainer.run();
				await tab.collect();
			});
		});
	}

	/** Lets it run beside what comes next. What goes wrong in a tab after its end is seen by nobody. */
	#launch(work: () => Promise<unknown>): void {
		const beside = this.#beside;
		const crash = this.#crash;
		const run = work()
			.catch((error: unknown) => {
				if (!isTold(error) && !crash.crashed) this.#failure ??= error;
			})
			.then(() => void beside.delete(run));
		beside.add(run);
	}

	/** Returns false where it could not be done, and that is no fault. */
	async #try(work: () => Promise<unknown>): Promise<boolean> {
		try {
			await this.#inTime(work());
			return true;
		} catch (error) {
			if (isTold(error)) return false;
			throw error;
		}
	}

	async #inTime(work: Promise<unknown>): Promise<void> {
		const settled = new AbortController();
		const settle = (): void => settled.abort();
		work.then(settle, settle);
		for (let turn = 0; !settled.signal.aborted; turn++) {
			// What a dead tab waits for may never come.
			if (this.#crash.crashed && turn > 100) throw new AppError('cancelled');
			if (turn > maxTurns) throw new Error('it waits for what never comes');
			await this.#world.clock.advance(20);
		}
		await work;
	}

	async #turns(turns: number): Promise<void> {
		for (let turn = 0; turn < turns; turn++) await this.#world.clock.advance(20);
	}

	/** The user answers everything, nothing goes wrong any more, and time passes. */
	async #settle(): Promise<void> {
		this.#faults.end();
		await this.#reopen();
		for (let round = 0; ; round++) {
			if (round > 20) throw new Error('the upgrade has no end');
			await this.#inTime(Promise.all(this.#beside));
			await this.#afterwards();
			const waiting = await this.#waiting();
			if (!waiting) break;
			this.#launch(waiting);
		}
		await this.#inTime(this.#tab.maintainer.run());
		await this.#model.check();
		await this.#model.checkComplete(this.#tab.knowledge);
		this.#world.clock.jump(days(90));
		await this.#reopen();
		await this.#inTime(Promise.all(this.#beside));
		await this.#inTime(this.#tab.collect());
		await this.#afterwards();
		await this.#model.checkTidy();
	}

	/** What is to be said to an upgrade that rests; null when there is none any more, or a trial. */
	async #waiting(): Promise<(() => Promise<unknown>) | null> {
		const { controller } = this.#tab;
		const rest = await controller.resumeUnfinished();
		if (rest?.type !== 'waiting') return null;
		if (rest.for === 'resume') return () => controller.resume();
		if (rest.for === 'gate-decision') return () => controller.overrideGate('It is over.');
		if (rest.for === 'switch-approval') return () => controller.approveSwitch();
		return () => (this.#version % 2 === 0 ? controller.keep() : controller.undo());
	}
}

/** Not a fault: a crash that was planted, or what the user is told. */
function isTold(error: unknown): boolean {
	return isSimulatedCrash(error) || mayBeTold.some((code) => hasCode(error, code));
}

async function named(what: string, work: () => Promise<void>): Promise<void> {
	try {
		await work();
	} catch (error) {
		throw new Error(`${what}: ${error instanceof Error ? error.message : String(error)}`, {
			cause: error
		});
	}
}
