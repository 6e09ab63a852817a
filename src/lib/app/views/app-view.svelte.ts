import type { SetupRecord } from '../../core/setup.ts';
import type { EngineStatus } from '../../engines/engine-status.ts';
import type { EngineRole } from '../engine-pool.ts';
import { shownError, type ShownError } from '../shown-error.ts';
import type { TabRole } from '../tab-leadership.ts';

export type EngineState = 'ready' | 'loading' | 'trial' | 'upgrading' | 'degraded';

/** What the frame around every page shows: the engine in use, this tab's role, what went wrong at start. */
export class AppView {
	#role = $state<TabRole>('starting');
	#setup = $state.raw<SetupRecord | null>(null);
	#error = $state.raw<ShownError | null>(null);
	#started = $state(false);
	#updateWaiting = $state(false);
	#updateHeld = $state(false);
	#offlineReady = $state(false);
	#status = $state<Record<EngineRole, EngineStatus>>({ chat: 'unloaded', embedding: 'unloaded' });
	#upgrading = $state(false);

	/** Which of the engine's states is shown when several hold: what the user may have to act on goes first. */
	readonly engineState: EngineState = $derived.by(() => {
		if (this.#upgrading) return 'upgrading';
		const states = Object.values(this.#status);
		if (states.some((status) => status === 'failed' || status === 'lost')) return 'degraded';
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

	get engineName(): string {
		return this.#setup?.current.chat.name ?? 'SAM';
	}

	/** What keeps the app from starting, or went wrong in the background. */
	get error(): ShownError | null {
		return this.#error;
	}

	/** True once documents and chats can be used in this tab: it leads, and has read what there is. */
	get started(): boolean {
		return this.#started;
	}

	/** True when a new version waits and may be applied: never while an upgrade runs. */
	get updateOffered(): boolean {
		return this.#updateWaiting && !this.#updateHeld;
	}

	get offlineReady(): boolean {
		return this.#offlineReady;
	}

	showRole = (role: TabRole): void => {
		this.#role = role;
		// What this tab had read and loaded while it led may be out of date when it leads again.
		if (role !== 'leading') this.#started = false;
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

	showError = (error: unknown): void => {
		this.#error = shownError(error);
	};

	dismissError = (): void => {
		this.#error = null;
	};
}
