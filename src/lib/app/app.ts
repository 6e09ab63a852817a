import { indexSpecOf } from '../knowledge/index-spec.ts';
import type { KnowledgeApi } from '../knowledge/knowledge-api.ts';
import type { DocumentId } from '../core/ids.ts';
import { hasCode } from '../core/errors.ts';
import { collectGarbage } from '../migration/collect-garbage.ts';
import { AnswerRenderer } from './answer-renderer.ts';
import { defaultSetup } from './default-setup.ts';
import type { Services } from './services.ts';
import { turnParts } from './turn-parts.ts';
import type { TabRole } from './tab-leadership.ts';
import { AppView } from './views/app-view.svelte.ts';
import { ChatView } from './views/chat-view.svelte.ts';
import { EnginesView } from './views/engines-view.svelte.ts';
import { HistoryView } from './views/history-view.svelte.ts';
import { KnowledgeView } from './views/knowledge-view.svelte.ts';
import { SettingsView } from './views/settings-view.svelte.ts';
import { UpgradeView } from './views/upgrade-view.svelte.ts';
import { WizardView } from './views/wizard-view.svelte.ts';

/** The running app in one tab: its views, and what happens at start and when the lead changes hands. */
export class App {
	readonly view = new AppView();
	readonly chat: ChatView;
	readonly knowledge: KnowledgeView;
	readonly engines: EnginesView;
	readonly upgrade: UpgradeView;
	readonly wizard: WizardView;
	readonly history: HistoryView;
	readonly settings: SettingsView;
	readonly answers: AnswerRenderer;
	readonly #services: Services;
	/** Of the setup that is shown, to notice a switch. */
	#sequence = 0;

	constructor(services: Services) {
		this.#services = services;
		const { parts, feed, controller, setup, journal } = services;
		const { records, blobs } = parts;
		const estimate = () => blobs.estimate();
		this.answers = new AnswerRenderer(parts.clock, async () => {
			const { renderAnswer } = await import('../chat/render-markdown.ts');
			return renderAnswer;
		});
		this.chat = new ChatView({ ...services, turn: turnParts(services) });
		this.knowledge = new KnowledgeView({ ...services, records });
		this.engines = new EnginesView({ library: services.library, setup, estimate, feed });
		this.upgrade = new UpgradeView({ controller, records, feed, leads: () => this.#leads() });
		this.wizard = new WizardView({ desk: services.desk, upgrade: this.upgrade });
		this.history = new HistoryView({ journal, records, feed });
		this.settings = new SettingsView({
			records,
			estimate,
			persist: () => blobs.persist(),
			show: parts.showAppearance
		});
	}

	/** Epoch milliseconds. */
	now(): number {
		return this.#services.parts.clock.now();
	}

	/** A passage with its neighbours, or null when the document is gone. */
	passage(id: DocumentId, ordinal: number): ReturnType<KnowledgeApi['passage']> {
		return this.#services.knowledge.passage(id, ordinal);
	}

	/** Makes this tab the one that works. */
	useHere = (): Promise<void> => this.#services.leadership.takeOver();

	applyUpdate = (): Promise<void> => this.#services.parts.installation.applyUpdate();

	/** Resolves when the app can be used, or has said why not. */
	async start(): Promise<void> {
		const { parts, feed, leadership, controller, pool } = this.#services;
		pool.onStatus(this.view.showStatus);
		parts.installation.onUpdateWaiting(this.view.showUpdate);
		controller.onChange(() => this.view.showUpgrading(this.upgrade.working));
		feed.on('upgrade', () => void this.#followSetup());
		leadership.beforeRelease(() => this.#stepBack());
		leadership.onChange((role) => void this.#take(role));
		try {
			await this.settings.load();
			if (await parts.installation.ready()) this.view.showOfflineReady();
			await leadership.start();
		} catch (error) {
			this.view.showError(error);
		}
	}

	#leads(): boolean {
		return this.#services.leadership.role === 'leading';
	}

	async #take(role: TabRole): Promise<void> {
		this.view.showRole(role);
		try {
			if (role === 'leading') await this.#lead();
			else await this.#follow();
		} catch (error) {
			this.view.showError(error);
		}
	}

	async #lead(): Promise<void> {
		const { setup, knowledge, directory, conversations, parts } = this.#services;
		const [model] = parts.builtInModels;
		if (model) await setup.initialise(await defaultSetup(model));
		await conversations.markInterrupted();
		const record = await this.#followSetup();
		if (record) {
			const spec = await directory.spec(record.current.embedding);
			await knowledge.createIndex(indexSpecOf(spec));
		}
		await this.#readAll();
		this.view.showStarted();
		void this.#afterStart();
	}

	/** What need not be waited for: the upgrade goes on, indexes are completed, garbage is collected, engines load. */
	async #afterStart(): Promise<void> {
		await this.#warmUp();
		void this.upgrade.resumeUnfinished();
		await this.#services.maintainer.run();
		await this.#collectGarbage();
	}

	async #follow(): Promise<void> {
		await this.#followSetup();
		await this.#readAll();
		await this.#services.controller.refresh();
	}

	async #readAll(): Promise<void> {
		await Promise.all([this.knowledge.refresh(), this.chat.refresh(), this.upgrade.refresh()]);
	}

	/** Shows the setup in use. After a switch or an undo, its engines are loaded and its index completed. */
	async #followSetup() {
		const record = await this.#services.setup.read();
		this.view.showSetup(record ?? null);
		const changed = record && this.#sequence > 0 && record.sequence !== this.#sequence;
		this.#sequence = record?.sequence ?? 0;
		if (changed && this.#leads()) {
			void this.#warmUp().then(() => this.#services.maintainer.run());
		}
		return record;
	}

	/** Loads both engines before the first question. A failure shows in the indicator and again when they are used. */
	async #warmUp(): Promise<void> {
		const { engines } = this.#services;
		await Promise.allSettled([engines.get('embedding'), engines.get('chat')]);
	}

	async #collectGarbage(): Promise<void> {
		const { setup, journal, knowledge, parts } = this.#services;
		try {
			const { records, clock } = parts;
			await collectGarbage({ setup, journal, records, clock, knowledge });
		} catch (error) {
			// Garbage that stays is collected at the next start.
			if (!hasCode(error, 'cancelled')) this.view.showError(error);
		}
	}

	/** Puts everything down so that another tab can take it up. */
	async #stepBack(): Promise<void> {
		this.chat.stop();
		await this.#services.controller.suspend();
		await this.#services.pool.closeAll();
	}
}
