import type { MigrationView } from '../migration/describe-progress.ts';
import type { Clock } from '../ports/clock.ts';
import type { TabChannel } from '../ports/tab-channel.ts';
import type { AppMessage } from './app-message.ts';

interface Parts {
	readonly channel: TabChannel<AppMessage>;
	readonly clock: Pick<Clock, 'monotonic' | 'sleep'>;
}

/** The least time between two messages, milliseconds. */
const intervalMs = 250;

/** Shows the other tabs how far an upgrade is, four times a second at most; the last word always reaches them. */
export class UpgradeBroadcast {
	readonly #parts: Parts;
	#next: MigrationView | null = null;
	#sending = false;
	#sentAt = -Infinity;

	constructor(parts: Parts) {
		this.#parts = parts;
	}

	send(view: MigrationView): void {
		this.#next = view;
		if (!this.#sending) void this.#sendInTurn();
	}

	/** Hears what another tab sends. Returns the function that stops listening. */
	onHeard(listener: (view: MigrationView) => void): () => void {
		return this.#parts.channel.listen((message) => {
			if (message.type === 'upgrade-progress') listener(message.view);
		});
	}

	async #sendInTurn(): Promise<void> {
		const { channel, clock } = this.#parts;
		this.#sending = true;
		const rest = this.#sentAt + intervalMs - clock.monotonic();
		if (rest > 0) await clock.sleep(rest);
		if (this.#next) channel.post({ type: 'upgrade-progress', view: this.#next });
		this.#next = null;
		this.#sentAt = clock.monotonic();
		this.#sending = false;
	}
}
