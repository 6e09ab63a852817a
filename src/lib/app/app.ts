import type { DocumentId, PlanId } from '../core/ids.ts';
import type { EngineChoice, Setup, SetupRecord } from '../core/setup.ts';
import { engineKinds } from '../engines/engine-infos.ts';
import type { KnowledgeApi } from '../knowledge/knowledge-api.ts';
import type { MigrationView } from '../migration/describe-progress.ts';
import { sameSetup } from '../migration/same-setup.ts';
import { AnswerRenderer } from './answer-renderer.ts';
import { sameChoice } from './engine-on-trial.ts';
import type { EngineRole } from './engine-pool.ts';
import { LeadingWork } from './leading-work.ts';
import type { Services } from './services.ts';
import { turnParts } from './turn-parts.ts';
import type { TabRole } from './tab-leadership.ts';
import { AppView } from './views/app-view.svelte.ts';
import { ChatView } from './views/chat-view.svelte.ts';
import { KnowledgeView } from './views/knowledge-view.svelte.ts';
import { NetworkSettings } from './views/network-settings.svelte.ts';
import { OfferedModels } from './views/offered-models.svelte.ts';
import { SettingsView } from './views/settings-view.svelte.ts';
import { UpgradeView } from './views/upgrade-view.svelte.ts';

/**
 * The running app in one tab: the views that the shell and the chat need, and what happens at start and when the lead
 * changes hands. Views of single pages are in `page-views`: they come with the code of their page.
 */
export class App {
	readonly services: Services;
	readonly view = new AppView();
	readonly chat: ChatView;
	readonly knowledge: KnowledgeView;
	readonly offers: OfferedModels;
	readonly upgrade: UpgradeView;
	readonly settings: SettingsView;
	readonly answers: AnswerRenderer;
	readonly #work: LeadingWork;
	/** The setup that is shown, to notice a switch. */
	#inUse: Setup | null = null;
	/** The upgrade whose end by failed starts has been told. */
	#givenUp: PlanId | undefined;
	/** Settles when this tab has taken up its role: a new one waits until the last change has been dealt with. */
	#taken: Promise<void> = Promise.resolve();

	constructor(services: Services) {
		this.services = services;
		const { parts, feed, live, controller, library } = services;
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
		this.offers = new OfferedModels({
			...{ library, feed, estimate, engineKinds },
			probe: () => parts.gpu.probe(),
			fit: async () => (await import('../engines/fit.ts')).fit
		});
		this.upgrade = new UpgradeView({
			...{ controller, records, feed, live },
			leads: () => this.#leads()
		});
		const network = new NetworkSettings({
			...{ records, ownOrigin: new URL(parts.baseUrl).origin, applyHosts: services.hosts.apply },
			applyDownloads: (downloads) => library.configure(downloads)
		});
		this.settings = new SettingsView({
			...{ records, network, estimate },
			persist: () => blobs.persist(),
			show: parts.showAppearance
		});
		this.#work = new LeadingWork({
			...{ services, view: this.view, chat: this.chat, upgrade: this.upgrade },
			followSetup: () => this.#followSetup(),
			readAll: () => this.#readAll()
		});
	}

	/** Epoch milliseconds. */
	now(): number {
		return this.services.parts.clock.now();
	}

	/** The passage with that text and its neighbours, or null when it is gone. */
	passage(id: DocumentId, ordinal: number, text: string): ReturnType<KnowledgeApi['passage']> {
		return this.services.knowledge.passage(id, ordinal, text);
	}

	/** Makes this tab the one that works. */
	useHere = (): Promise<void> => this.services.leadership.takeOver();

	/** Loads an engine that safe mode holds back: it counts as a start. */
	tryAgain = (role: EngineRole, choice: EngineChoice): Promise<void> =>
		this.#orShow(async () => {
			const { safeMode, failures, directory, maintainer } = this.services;
			failures.forgetAll();
			await safeMode.tryAgain(role);
			await (role === 'chat' ? this.#work.loadChat(choice) : this.#work.loadEmbedding());
			const failure = failures.lately(await directory.spec(choice));
			if (failure) throw failure;
			if (role === 'embedding') await maintainer.run();
		});

	/** Not while an upgrade runs, in this tab or in another: then nothing happens. */
	applyUpdate = (): Promise<void> =>
		this.#orShow(async () => {
			await this.services.controller.refresh();
			if (!this.upgrade.working) await this.services.parts.installation.applyUpdate();
		});

	reload = (): Promise<void> => this.services.parts.installation.reload();

	/** Resolves when the app can be used, or has said why not. */
	async start(): Promise<void> {
		const { parts, feed, leadership, version, controller, pool, hosts } = this.services;
		const { answers, safeMode, schedule } = this.services;
		pool.onStatus(this.view.showStatus);
		answers.onOpened((choice, meant) => this.#showAnswering(choice, meant));
		safeMode.onChange(() => this.view.showHeldBack(safeMode.held));
		parts.installation.onUpdateWaiting(this.view.showUpdate);
		schedule.onProblem(({ message, advice }) => {
			this.view.showNotice(`The scheduled upgrade could not be started. ${message} ${advice}`);
		});
		controller.onChange((view) => this.#showUpgrade(view));
		feed.on('upgrade', () => void this.#orShow(() => this.#followSetup()));
		feed.on('adapters', () => void this.#orShow(() => this.#showAdapters()));
		feed.on('settings', () => void this.#orShow(() => this.settings.load()));
		leadership.beforeRelease(() => this.#work.putDown());
		leadership.onChange((role) => {
			this.view.showRole(role);
			if (role === 'leading') this.#work.begin();
			this.#taken = this.#taken.then(() => this.#take(role));
		});
		version.onOutdated(() => void this.#giveWay());
		version.hello();
		await this.#orShow(async () => {
			await this.#restoreSettings().finally(() => hosts.giveUp());
			if (await parts.installation.ready()) this.view.showOfflineReady();
			if (!version.outdated) await leadership.start();
		});
		await this.#taken;
	}

	async #restoreSettings(): Promise<void> {
		await this.settings.load();
		await this.services.serverAccess.restore();
	}

	#leads(): boolean {
		return this.services.leadership.role === 'leading';
	}

	async #take(role: TabRole): Promise<void> {
		// The lead may have changed hands again while the last change was dealt with.
		const { leadership, version } = this.services;
		if (role !== leadership.role || version.outdated) return;
		await this.#orShow(() => (role === 'leading' ? this.#work.takeUp() : this.#follow()));
	}

	async #follow(): Promise<void> {
		await this.#followSetup();
		await this.#readAll();
		await this.services.controller.refresh();
	}

	async #readAll(): Promise<void> {
		const { knowledge, chat, upgrade } = this;
		await Promise.all([knowledge, chat, upgrade].map((view) => view.refresh()));
	}

	/** Shows the setup in use. After a switch or an undo, what fits is on, its engines are loaded and its index completed. */
	async #followSetup(): Promise<SetupRecord | null> {
		const record = (await this.services.setup.read()) ?? null;
		const before = this.#inUse;
		this.#show(record);
		if (record && before && !sameSetup(record.current, before) && this.#leads()) {
			await this.#work.keepAdapters(before);
			this.#show((await this.services.setup.read()) ?? null);
			this.services.failures.forgetAll();
			await this.services.safeMode.leave();
			void this.#work.warmUp().then(() => this.services.maintainer.run());
		}
		return record;
	}

	/** Which of them are on has no other part in following the setup. */
	async #showAdapters(): Promise<void> {
		const record = await this.services.setup.read();
		if (record) this.view.showSetup(record);
	}

	#show(record: SetupRecord | null): void {
		this.view.showSetup(record);
		this.#inUse = record?.current ?? null;
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
		this.services.failures.forget({ engine, id, revision });
	}

	#showAnswering(choice: EngineChoice, meant: EngineChoice): void {
		const own = this.#inUse?.chat;
		if (!own) return;
		// What one chat tries, or the setup before had, says nothing about the engine of the setup.
		if (sameChoice(choice, own)) this.view.showStandIn(null);
		else if (sameChoice(meant, own)) this.view.showStandIn(choice);
	}

	/** To a newer version of the app: what is stored is its own from now on. */
	async #giveWay(): Promise<void> {
		const { feed, leadership, knowledge } = this.services;
		this.view.showOutdated();
		feed.close();
		await leadership.retire();
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
