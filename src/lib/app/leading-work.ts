import { AppError, hasCode } from '../core/errors.ts';
import type { EngineChoice, Setup, SetupRecord } from '../core/setup.ts';
import { indexIdOf, indexSpecOf } from '../knowledge/index-spec.ts';
import { DateGuard } from './date-guard.ts';
import { defaultSetup } from './default-setup.ts';
import { sameChoice } from './engine-on-trial.ts';
import type { Services } from './services.ts';
import type { AppView } from './views/app-view.svelte.ts';
import type { ChatView } from './views/chat-view.svelte.ts';
import type { UpgradeView } from './views/upgrade-view.svelte.ts';

interface Parts {
	readonly services: Services;
	readonly view: AppView;
	readonly chat: ChatView;
	readonly upgrade: UpgradeView;
	/** Shows the setup in use, and has its engines loaded after a switch. */
	readonly followSetup: () => Promise<SetupRecord | null>;
	/** Reads again what the views show. */
	readonly readAll: () => Promise<void>;
}

/** What the tab that leads does beyond showing: it takes it up with the lead, and puts it down for the next tab. */
export class LeadingWork {
	readonly #parts: Parts;
	readonly #services: Services;
	readonly #dates: DateGuard;
	/** Of the lead that this tab has, or had last. Aborted as soon as it begins to put its work down: nothing may begin then. */
	#leading = new AbortController();

	/** The last thing that was told of adapters. */
	#toldOfAdapters: string | null = null;

	constructor(parts: Parts) {
		this.#parts = parts;
		this.#services = parts.services;
		const { records, clock } = parts.services.parts;
		this.#dates = new DateGuard({ records, clock });
	}

	/** This tab leads from now on. `takeUp` follows, once what was before has been dealt with. */
	begin(): void {
		this.#leading = new AbortController();
	}

	/** Resolves when the app can be used. Does nothing when the lead is given up again. */
	async takeUp(): Promise<void> {
		const { signal } = this.#leading;
		if (isOver(signal)) return;
		const { setup, conversations, knowledge, parts, safeMode } = this.#services;
		// What it knows is from before: another tab has written since.
		knowledge.terminate();
		const [model] = parts.builtInModels;
		if (model) await setup.initialise(await defaultSetup(model));
		await conversations.markInterrupted();
		await this.keepAdapters(null);
		const record = await this.#parts.followSetup();
		await this.#orShow(() => safeMode.enter());
		if (isOver(signal)) return;
		if (record) await this.#orShow(() => this.#createIndex(record.current));
		await this.#parts.readAll();
		this.#parts.view.showStarted();
		void this.#afterStart(Boolean(record?.trial), signal);
	}

	/** Puts everything down so that another tab can take it up. */
	async putDown(): Promise<void> {
		const { maintainer, controller, pool, library, knowledge } = this.#services;
		this.#leading.abort();
		this.#parts.chat.stop();
		maintainer.stop();
		await controller.suspend();
		await pool.closeAll();
		library.stop(new AppError('tab/leader-changed'));
		// From here on another tab writes: an import that is under way must not.
		knowledge.terminate();
	}

	/** Has those on that fit the chat engine in use, and tells what became of them where `before` had another one. */
	keepAdapters(before: Setup | null): Promise<void> {
		return this.#orShow(async () => {
			const { keepAdapters } = await import('./keep-adapters.ts');
			const { view } = this.#parts;
			const { chat } = view.setup?.current ?? {};
			// What was told when the engine before came is out of date.
			const isOld = before && chat && !sameChoice(before.chat, chat);
			if (isOld && view.notice === this.#toldOfAdapters) view.dismissNotice();
			const told = await keepAdapters(this.#services, before);
			if (!told) return;
			this.#toldOfAdapters = told;
			view.showNotice(told);
		});
	}

	/** Loads both engines before the first question. A failure shows in the indicator and again when they are used. */
	async warmUp(): Promise<void> {
		await Promise.allSettled([this.loadEmbedding(), this.loadChat(null)]);
	}

	/** A turn under way ends with the engines that it began with, and only then do others take their places. */
	async loadEmbedding(): Promise<void> {
		const { embedding, gate } = this.#services;
		const { signal } = this.#leading;
		await gate.whenIdle(signal);
		await embedding.get(signal);
	}

	/** Null: that of the setup. As for the embedding engine, a turn under way ends first. */
	async loadChat(wanted: EngineChoice | null): Promise<void> {
		const { answers, gate } = this.#services;
		const { signal } = this.#leading;
		await gate.whenIdle(signal);
		await answers.open(wanted, signal);
	}

	/** Of the first setup: any other came with its index. */
	async #createIndex({ embedding, index }: Setup): Promise<void> {
		const { directory, knowledge } = this.#services;
		const spec = indexSpecOf(await directory.spec(embedding));
		if ((await indexIdOf(spec)) === index) await knowledge.createIndex(spec);
	}

	/** What need not be waited for: engines load, the upgrade goes on, indexes are completed, garbage is collected. */
	async #afterStart(onTrial: boolean, signal: AbortSignal): Promise<void> {
		// An engine on trial that kills the tab when it is loaded must be given up before it is loaded again.
		if (onTrial) await this.#resumeUpgrade(signal);
		await this.warmUp();
		if (isOver(signal)) return;
		await this.#orShow(() => this.#tendLibrary());
		if (isOver(signal)) return;
		if (!onTrial) void this.#resumeUpgrade(signal);
		void this.#services.schedule.watch(signal);
		await this.#services.maintainer.run();
		if (!isOver(signal)) await this.#collectGarbage();
	}

	/** A trial is over by the believed date alone. */
	#resumeUpgrade(signal: AbortSignal): Promise<void> {
		return this.#orShow(async () => {
			const today = await this.#dates.today();
			if (!isOver(signal)) await this.#parts.upgrade.resumeUnfinished(today, signal);
		});
	}

	/** What the browser has cleared is told; downloads that were under way go on. */
	async #tendLibrary(): Promise<void> {
		const { library } = this.#services;
		const damaged = await library.audit();
		await library.resumeAll();
		if (damaged.length === 0) return;
		const listings = await library.listings();
		const names = listings.filter(({ id }) => damaged.includes(id)).map(({ entry }) => entry.name);
		throw new AppError('library/damaged', { details: { names: names.join(', ') } });
	}

	async #collectGarbage(): Promise<void> {
		const { view } = this.#parts;
		try {
			const { garbageOf } = await import('./garbage-of.ts');
			const garbage = garbageOf(this.#services, () => this.#dates.today());
			const freed = await garbage.collect();
			if (freed) view.showNotice(freed);
		} catch (error) {
			// Garbage that stays is collected at the next start.
			if (!hasCode(error, 'cancelled')) view.showError(error);
		}
	}

	async #orShow(work: () => Promise<unknown>): Promise<void> {
		try {
			await work();
		} catch (error) {
			this.#parts.view.showError(error);
		}
	}
}

/** Asked anew after each await: the compiler would believe that nothing has changed. */
function isOver(leading: AbortSignal): boolean {
	return leading.aborted;
}
