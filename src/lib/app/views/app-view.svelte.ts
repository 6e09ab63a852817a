import type { EngineChoice, SetupRecord } from '../../core/setup.ts';
import type { EngineStatus } from '../../engines/engine-status.ts';
import { leavesDevice } from '../../engines/leaves-device.ts';
import { engineOnTrial, sameChoice } from '../engine-on-trial.ts';
import type { EngineRole } from '../engine-pool.ts';
import type { LoadMark } from '../load-mark.ts';
import { safeModeText } from '../safe-mode-text.ts';
import { shownError, type ShownError } from '../shown-error.ts';
import type { TabRole } from '../tab-leadership.ts';

export type EngineState = 'ready' | 'loading' | 'trial' | 'upgrading' | 'degraded';

/** An engine that is not loaded, because a tab died while it was. */
export interface HeldBack {
	readonly role: EngineRole;
	readonly choice: EngineChoice;
	/** What happened, and what works instead. */
	readonly text: string;
	/** True where going back to the setup before would do away with it. */
	readonly undoable: boolean;
}

/** What the frame around every page shows: the engine in use, this tab's role, what went wrong at start. */
export class AppView {
	#role = $state<TabRole>('starting');
	#setup = $state.raw<SetupRecord | null>(null);
	#error = $state.raw<ShownError | null>(null);
	#notice = $state<string | null>(null);
	#started = $state(false);
	#updateWaiting = $state(false);
	#updateHeld = $state(false);
	#offlineReady = $state(false);
	#outdated = $state(false);
	#status = $state<Record<EngineRole, EngineStatus>>({ chat: 'unloaded', embedding: 'unloaded' });
	#upgrading = $state(false);
	#standIn = $state.raw<EngineChoice | null>(null);
	#held = $state.raw<readonly LoadMark[]>([]);

	/** Which of the engine's states is shown when several hold: what the user may have to act on goes first. */
	readonly engineState: EngineState = $derived.by(() => {
		if (this.#upgrading) return 'upgrading';
		const states = Object.values(this.#status);
		if (this.#standIn || this.#held.length > 0 || states.some(isBroken)) return 'degraded';
		// A tab that follows loads no engine: the one that leads has it ready.
		const starting = this.#role !== 'following' && !this.#started;
		if (starting || states.includes('loading')) return 'loading';
		return this.#setup?.trial ? 'trial' : 'ready';
	});

	get role(): TabRole {
		return this.#role;
	}

	/** Null until it has been read. */
	get setup(): SetupRecord | null {
		return this.#setup;
	}

	/** Of the engine that answers. */
	get engineName(): string {
		return this.#standIn?.name ?? this.#setup?.current.chat.name ?? 'SAM';
	}

	/** How many adapters that engine answers with. */
	get adaptersOn(): number {
		return this.#standIn ? 0 : (this.#setup?.current.adapters.length ?? 0);
	}

	/** What is degraded, in a few words; null when nothing is. */
	get degradation(): string | null {
		if (this.#standIn && this.#setup) return `instead of ${this.#setup.current.chat.name}`;
		return this.#searchesByKeywords ? 'search by keywords' : null;
	}

	/** Engines that safe mode holds back. */
	readonly heldBack: readonly HeldBack[] = $derived.by(() =>
		this.#held.map(({ role, choice }) => ({
			...{ role, choice, undoable: this.#isOnTrial(role, choice) },
			text: safeModeText(role, choice.name, this.#instead(role, choice))
		}))
	);

	/** Whether an engine in use is asked elsewhere. */
	get leavesDevice(): boolean {
		const inUse = this.#setup?.current;
		return inUse ? leavesDevice(inUse.chat.engine) || leavesDevice(inUse.embedding.engine) : false;
	}

	/** What keeps the app from starting, or went wrong in the background. */
	get error(): ShownError | null {
		return this.#error;
	}

	/** What was done in the background, in a sentence. */
	get notice(): string | null {
		return this.#notice;
	}

	/** True once documents and chats can be used in this tab: it leads, and has read what there is. */
	get started(): boolean {
		return this.#started;
	}

	/** A new version of the app that waits: `held` while an upgrade runs in any tab; null when none does. */
	get update(): 'offered' | 'held' | null {
		if (!this.#updateWaiting) return null;
		return this.#updateHeld ? 'held' : 'offered';
	}

	/** True once a newer version of the app has taken over: this tab shows what it has read, and does nothing. */
	get outdated(): boolean {
		return this.#outdated;
	}

	get offlineReady(): boolean {
		return this.#offlineReady;
	}

	showRole = (role: TabRole): void => {
		this.#role = role;
		// What this tab had read and loaded while it led may be out of date when it leads again.
		if (role === 'leading') return;
		this.#started = false;
		this.#standIn = null;
		this.#held = [];
	};

	showSetup = (setup: SetupRecord | null): void => {
		this.#setup = setup;
	};

	showStarted = (): void => {
		this.#started = true;
	};

	showStatus = (role: EngineRole, status: EngineStatus): void => {
		this.#status[role] = status;
	};

	/** What answers in place of the chat engine of the setup; null when that answers itself. */
	showStandIn = (choice: EngineChoice | null): void => {
		this.#standIn = choice;
	};

	showHeldBack = (held: readonly LoadMark[]): void => {
		this.#held = held;
	};

	showUpgrading = (upgrading: boolean): void => {
		this.#upgrading = upgrading;
		this.#updateHeld = upgrading;
	};

	showUpdate = (): void => {
		this.#updateWaiting = true;
	};

	showOfflineReady = (): void => {
		this.#offlineReady = true;
	};

	showOutdated = (): void => {
		this.#outdated = true;
		// What goes wrong from now on goes wrong for that reason.
		this.#error = null;
	};

	showError = (error: unknown): void => {
		if (this.#outdated) return;
		this.#error = shownError(error);
	};

	dismissError = (): void => {
		this.#error = null;
	};

	showNotice = (notice: string): void => {
		this.#notice = notice;
	};

	dismissNotice = (): void => {
		this.#notice = null;
	};

	get #searchesByKeywords(): boolean {
		const held = this.#held.find(({ role }) => role === 'embedding');
		if (held) return this.#instead('embedding', held.choice) === null;
		return isBroken(this.#status.embedding);
	}

	/** The name of what works in place of an engine that is held back. */
	#instead(role: EngineRole, choice: EngineChoice): string | null {
		if (role === 'chat') {
			const answering = this.#standIn ?? this.#setup?.current.chat ?? null;
			return answering && !sameChoice(answering, choice) ? answering.name : null;
		}
		const previous = this.#setup?.trial?.previous.embedding;
		return previous && this.#isOnTrial(role, choice) ? previous.name : null;
	}

	#isOnTrial(role: EngineRole, choice: EngineChoice): boolean {
		const record = this.#setup;
		return (
			record !== null && engineOnTrial(record, role) && sameChoice(record.current[role], choice)
		);
	}
}

function isBroken(status: EngineStatus): boolean {
	return status === 'failed' || status === 'lost';
}
