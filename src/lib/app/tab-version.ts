import type { TabChannel } from '../ports/tab-channel.ts';
import type { AppMessage } from './app-message.ts';

interface Parts {
	readonly channel: TabChannel<AppMessage>;
	/** Name of this tab's build. */
	readonly build: string;
	/** Calls back when a newer app has taken over what is stored, or this installation. */
	readonly onReplaced: (listener: () => void) => void;
}

/**
 * Whether this tab still runs the app as it is: of two builds the one that was opened later is the newer one, and the
 * older one must not write any more.
 */
export class TabVersion {
	readonly #parts: Parts;
	readonly #listeners = new Set<() => void>();
	#outdated = false;

	constructor(parts: Parts) {
		this.#parts = parts;
		parts.channel.listen((message) => {
			if (message.type === 'hello' && message.build !== parts.build) this.#giveWay();
		});
		parts.onReplaced(() => this.#giveWay());
	}

	get outdated(): boolean {
		return this.#outdated;
	}

	/** Tells the other tabs which build has been opened here. Call it before anything is written. */
	hello(): void {
		this.#parts.channel.post({ type: 'hello', build: this.#parts.build });
	}

	/** Calls back once, at once if it is so already. */
	onOutdated(listener: () => void): void {
		if (this.#outdated) listener();
		else this.#listeners.add(listener);
	}

	#giveWay(): void {
		if (this.#outdated) return;
		this.#outdated = true;
		for (const listener of this.#listeners) listener();
	}
}
