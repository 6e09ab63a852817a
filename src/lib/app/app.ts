import { indexIdOf, indexSpecOf } from '../knowledge/index-spec.ts';
import type { KnowledgeApi } from '../knowledge/knowledge-api.ts';
import type { DocumentId, PlanId } from '../core/ids.ts';
import { AppError, hasCode } from '../core/errors.ts';
import { engineKinds } from '../engines/engine-infos.ts';
import { fit } from '../engines/fit.ts';
import type { EngineChoice, Setup, SetupRecord } from '../core/setup.ts';
import type { MigrationView } from '../migration/describe-progress.ts';
import { sameSetup } from '../migration/same-setup.ts';
import { AnswerRenderer } from './answer-renderer.ts';
import { backedUpStores } from './backed-up-stores.ts';
import { DateGuard } from './date-guard.ts';
import { defaultSetup } from './default-setup.ts';
import type { Garbage } from './garbage.ts';
import { modelUsers } from './model-users.ts';
import { sameChoice } from './engine-on-trial.ts';
import type { EngineRole } from './engine-pool.ts';
import { IndexKeeper } from './index-keeper.ts';
import type { Services } from './services.ts';
import { turnParts } from './turn-parts.ts';
import type { TabRole } from './tab-leadership.ts';
import { AddModelView } from './views/add-model-view.svelte.ts';
import { AppView } from './views/app-view.svelte.ts';
import { BackupsView } from './views/backups-view.svelte.ts';
import { ChatView } from './views/chat-view.svelte.ts';
import { EnginesView } from './views/engines-view.svelte.ts';
import { HistoryView } from './views/history-view.svelte.ts';
import { KeptIndexes } from './views/kept-indexes.svelte.ts';
import { KnowledgeView } from './views/knowledge-view.svelte.ts';
import { NetworkSettings } from './views/network-settings.svelte.ts';
import { ReportView } from './views/report-view.svelte.ts';
import { PromptsView } from './views/prompts-view.svelte.ts';
import { RemoteServers } from './views/remote-servers.svelte.ts';
import { ScheduleView } from './views/schedule-view.svelte.ts';
import { SettingsView } from './views/settings-view.svelte.ts';
import { UpgradeView } from './views/upgrade-view.svelte.ts';
import { WizardView } from './views/wizard-view.svelte.ts';

/** The running app in one tab: its views, and what happens at start and when the lead changes hands. */
export class App {
	readonly view = new AppView();
	readonly chat: ChatView;
	readonly knowledge: KnowledgeView;
	readonly engines: EnginesView;
	readonly addModel: AddModelView;
	readonly upgrade: UpgradeView;
	readonly wizard: WizardView;
	readonly schedule: ScheduleView;
	readonly history: HistoryView;
	readonly report: ReportView;
	readonly backups: BackupsView;
	readonly keptIndexes: KeptIndexes;
	readonly settings: SettingsView;
	readonly prompts: PromptsView;
	readonly answers: AnswerRenderer;
	readonly #services: Services;
	readonly #garbage: () => Promise<Garbage>;
	readonly #dates: DateGuard;
	/** The setup that is shown, to notice a switch. */
	#inUse: Setup | null = null;
	/** The upgrade whose end by failed starts has been told. */
	#givenUp: PlanId | undefined;
	/** Of the lead that this tab has, or had last. Aborted as soon as it begins to put its work down: nothing may begin then. */
	#leading = new AbortController();
	/** Settles when this tab has taken up its role: a new one waits until the last change has been dealt with. */
	#taken: Promise<void> = Promise.resolve();

	constructor(services: Services) {
		this.#services = services;
		const { parts, feed, live, controller, setup, journal } = services;
		const { records, blobs } = parts;
		const estimate = () => blobs.estimate();
		this.answers = new AnswerRenderer(parts.clock, async () => {
			const { renderAnswer } = await import('../chat/render-markdown.ts');
			return renderAnswer;
		});
		this.chat = new ChatView({
			...{ ...services, turn: () => turnParts(services) },
			onChosen: (choice) => this.#forgetFailures(choice ?? this.#inUse?.chat)
		});
		this.knowledge = new KnowledgeView({ ...services, records });
		const network = new NetworkSettings({
			...{ records, ownOrigin: new URL(parts.baseUrl).origin, applyHosts: services.hosts.apply },
			applyDownloads: (downloads) => services.library.configure(downloads)
		});
		this.engines = new EnginesView({
			...{ library: services.library, setup, estimate, feed, meter: services.meter },
			...{ fit, engineKinds },
			probe: () => parts.gpu.probe(),
			upgradingTo: () => this.upgrade.target
		});
		this.addModel = new AddModelView({
			...{
				library: services.library,
				mayContact: network.mayContact,
				allowHost: network.allowHost
			},
			install: (model) => this.engines.install(model)
		});
		this.upgrade = new UpgradeView({
			...{ controller, records, feed, live },
			leads: () => this.#leads()
		});
		this.schedule = new ScheduleView({ ...services, conditions: parts.conditions });
		this.wizard = new WizardView({
			...{ desk: services.desk, upgrade: this.upgrade, schedule: this.schedule }
		});
		this.report = new ReportView({ records, feed });
		this.history = new HistoryView({ journal, records, feed });
		const keeper = new IndexKeeper({ ...services, records });
		this.keptIndexes = new KeptIndexes({ keeper, feed });
		this.#dates = new DateGuard({ records, clock: parts.clock });
		this.#garbage = async () => {
			const { Garbage } = await import('./garbage.ts');
			return new Garbage({
				...{ ...services, records, keeper, clock: parts.clock },
				today: () => this.#dates.today()
			});
		};
		this.backups = new BackupsView({
			...{ records, feed },
			choose: (setup) => this.wizard.chooseSetup(setup),
			backups: async () => {
				const { Backups } = await import('./backups.ts');
				return new Backups({
					...{ records, setup, journal, clock: parts.clock, stores: backedUpStores },
					listings: () => services.desk.listings(),
					onRestored: () => feed.announce('settings')
				});
			}
		});
		const servers = new RemoteServers({
			...{ records, clock: parts.clock, feed, probe: services.probe },
			ownOrigin: new URL(parts.baseUrl).origin,
			allowServers: (origins) => parts.installation.allowServers(origins),
			usersOf: async (model) => {
				const record = await setup.read();
				return record ? modelUsers(record, model, this.upgrade.target) : [];
			},
			onAnswer: (models) => models.forEach((model) => services.failures.forget(model))
		});
		this.prompts = new PromptsView(services.prompts);
		this.settings = new SettingsView({
			...{ records, network, servers },
			estimate,
			persist: () => blobs.persist(),
			show: parts.showAppearance
		});
	}

	/** Epoch milliseconds. */
	now(): number {
		return this.#services.parts.clock.now();
	}

	/** The passage with that text and its neighbours, or null when it is gone. */
	passage(id: DocumentId, ordinal: number, text: string): ReturnType<KnowledgeApi['passage']> {
		return this.#services.knowledge.passage(id, ordinal, text);
	}

	/** Makes this tab the one that works. */
	useHere = (): Promise<void> => this.#services.leadership.takeOver();

	/** Loads an engine that safe mode holds back: it counts as a start. */
	tryAgain = (role: EngineRole, choice: EngineChoice): Promise<void> =>
		this.#orShow(async () => {
			const { safeMode, failures, directory, maintainer } = this.#services;
			failures.forgetAll();
			await safeMode.tryAgain(role);
			await (role === 'chat' ? this.#loadChat(choice) : this.#loadEmbedding());
			const failure = failures.lately(await directory.spec(choice));
			if (failure) throw failure;
			if (role === 'embedding') await maintainer.run();
		});

	/** Not while an upgrade runs, in this tab or in another: then nothing happens. */
	applyUpdate = (): Promise<void> =>
		this.#orShow(async () => {
			await this.#services.controller.refresh();
			if (!this.upgrade.working) await this.#services.parts.installation.applyUpdate();
		});

	reload = (): Promise<void> => this.#services.parts.installation.reload();

	/** Resolves when the app can be used, or has said why not. */
	async start(): Promise<void> {
		const { parts, feed, leadership, version, controller, pool, hosts } = this.#services;
		const { answers, safeMode, schedule } = this.#services;
		pool.onStatus(this.view.showStatus);
		answers.onOpened((choice, wanted) => this.#showAnswering(choice, wanted));
		safeMode.onChange(() => this.view.showHeldBack(safeMode.held));
		parts.installation.onUpdateWaiting(this.view.showUpdate);
		schedule.onProblem(({ message, advice }) => {
			this.view.showNotice(`The scheduled upgrade could not be started. ${message} ${advice}`);
		});
		controller.onChange((view) => this.#showUpgrade(view));
		parts.connectivity.onChange(() => void this.engines.refresh());
		feed.on('upgrade', () => void this.#orShow(() => this.#followSetup()));
		feed.on('settings', () => void this.#orShow(() => this.settings.load()));
		leadership.beforeRelease(() => this.#stepBack());
		leadership.onChange((role) => {
			this.view.showRole(role);
			if (role === 'leading') this.#leading = new AbortController();
			this.#taken = this.#taken.then(() => this.#take(role));
		});
		version.onOutdated(() => void this.#giveWay());
		version.hello();
		await this.#orShow(async () => {
			await this.settings.load().finally(() => hosts.giveUp());
			if (await parts.installation.ready()) this.view.showOfflineReady();
			if (!version.outdated) await leadership.start();
		});
		await this.#taken;
	}

	#leads(): boolean {
		return this.#services.leadership.role === 'leading';
	}

	async #take(role: TabRole): Promise<void> {
		// The lead may have changed hands again while the last change was dealt with.
		const { leadership, version } = this.#services;
		if (role !== leadership.role || version.outdated) return;
		const { signal } = this.#leading;
		await this.#orShow(() => (role === 'leading' ? this.#lead(signal) : this.#follow()));
	}

	async #lead(signal: AbortSignal): Promise<void> {
		if (signal.aborted) return;
		const { setup, conversations, knowledge, parts } = this.#services;
		// What it knows is from before: another tab has written since.
		knowledge.terminate();
		const [model] = parts.builtInModels;
		if (model) await setup.initialise(await defaultSetup(model));
		await conversations.markInterrupted();
		const record = await this.#followSetup();
		await this.#orShow(() => this.#services.safeMode.enter());
		if (signal.aborted) return;
		if (record) await this.#orShow(() => this.#createIndex(record.current));
		await this.#readAll();
		this.view.showStarted();
		void this.#afterStart(Boolean(record?.trial), signal);
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
		await this.#warmUp();
		if (signal.aborted) return;
		await this.#orShow(() => this.#tendLibrary());
		if (signal.aborted) return;
		if (!onTrial) void this.#resumeUpgrade(signal);
		void this.#services.schedule.watch(signal);
		await this.#services.maintainer.run();
		if (!signal.aborted) await this.#collectGarbage();
	}

	/** A trial is over by the believed date alone. */
	#resumeUpgrade(signal: AbortSignal): Promise<void> {
		return this.#orShow(async () => {
			const today = await this.#dates.today();
			if (!signal.aborted) await this.upgrade.resumeUnfinished(today, signal);
		});
	}

	async #follow(): Promise<void> {
		await this.#followSetup();
		await this.#readAll();
		await this.#services.controller.refresh();
	}

	async #readAll(): Promise<void> {
		const { knowledge, chat, upgrade, schedule } = this;
		await Promise.all([knowledge, chat, upgrade, schedule].map((view) => view.refresh()));
	}

	/** Shows the setup in use. After a switch or an undo, its engines are loaded and its index completed. */
	async #followSetup(): Promise<SetupRecord | null> {
		const record = (await this.#services.setup.read()) ?? null;
		this.view.showSetup(record);
		const changed = record && this.#inUse && !sameSetup(record.current, this.#inUse);
		this.#inUse = record?.current ?? null;
		if (changed && this.#leads()) {
			this.#services.failures.forgetAll();
			await this.#services.safeMode.leave();
			void this.#warmUp().then(() => this.#services.maintainer.run());
		}
		return record;
	}

	/** Loads both engines before the first question. A failure shows in the indicator and again when they are used. */
	async #warmUp(): Promise<void> {
		await Promise.allSettled([this.#loadEmbedding(), this.#loadChat(null)]);
	}

	/** A turn under way ends with the engines that it began with, and only then do others take their places. */
	async #loadEmbedding(): Promise<void> {
		const { embedding, gate } = this.#services;
		const { signal } = this.#leading;
		await gate.whenIdle(signal);
		await embedding.get(signal);
	}

	async #loadChat(wanted: EngineChoice | null): Promise<void> {
		const { answers, gate } = this.#services;
		const { signal } = this.#leading;
		await gate.whenIdle(signal);
		await answers.open(wanted, signal);
	}

	/** That an engine on trial was given up is told once: nobody has asked for it. */
	#showUpgrade(upgrade: MigrationView | null): void {
		this.view.showUpgrading(this.upgrade.working);
		const { planId, outcome, failure } = upgrade ?? {};
		if (outcome !== 'rolled-back' || failure?.code !== 'migration/failed-starts') return;
		if (planId === this.#givenUp) return;
		this.#givenUp = planId;
		this.view.showNotice(`${failure.message} SAM went back to the previous engine.`);
	}

	/** What failed before is tried anew when the user chooses it. */
	#forgetFailures(choice: EngineChoice | undefined): void {
		if (!choice) return;
		const { engine, model: id, revision } = choice;
		this.#services.failures.forget({ engine, id, revision });
	}

	#showAnswering(choice: EngineChoice, wanted: EngineChoice | null): void {
		const own = this.#inUse?.chat;
		if (!own) return;
		// What one chat tries says nothing about the engine of the setup.
		if (sameChoice(choice, own)) this.view.showStandIn(null);
		else if (!wanted || sameChoice(wanted, own)) this.view.showStandIn(choice);
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
		try {
			const freed = await (await this.#garbage()).collect();
			if (freed) this.view.showNotice(freed);
		} catch (error) {
			// Garbage that stays is collected at the next start.
			if (!hasCode(error, 'cancelled')) this.view.showError(error);
		}
	}

	/** To a newer version of the app: what is stored is its own from now on. */
	async #giveWay(): Promise<void> {
		const { feed, leadership, knowledge } = this.#services;
		this.view.showOutdated();
		feed.close();
		await leadership.retire();
		knowledge.terminate();
	}

	/** Puts everything down so that another tab can take it up. */
	async #stepBack(): Promise<void> {
		const { maintainer, controller, pool, library, knowledge } = this.#services;
		this.#leading.abort();
		this.chat.stop();
		maintainer.stop();
		await controller.suspend();
		await pool.closeAll();
		library.stop(new AppError('tab/leader-changed'));
		// From here on another tab writes: an import that is under way must not.
		knowledge.terminate();
	}

	async #orShow(work: () => Promise<unknown>): Promise<void> {
		try {
			await work();
		} catch (error) {
			this.view.showError(error);
		}
	}
}
