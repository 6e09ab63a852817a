import type { TabChannel } from '../ports/tab-channel.ts';
import type { AppMessage, ChangedThing } from './app-message.ts';

/** Tells every view, in this tab and in the others, that something stored has changed. */
export class ChangeFeed {
	readonly #channel: TabChannel<AppMessage>;
	readonly #listeners = new Map<ChangedThing, Set<() => void>>();
	#closed = false;

	constructor(channel: TabChannel<AppMessage>) {
		this.#channel = channel;
		channel.listen((message) => {
			if (message.type === 'changed') this.#notify(message.what);
		});
	}

	/** From now on nobody hears anything: for a tab that can read no more what others have written. */
	close(): void {
		this.#closed = true;
	}

	/** Call it after the commit, never before. */
	announce(what: ChangedThing): void {
		if (this.#closed) return;
		this.#notify(what);
		this.#channel.post({ type: 'changed', what });
	}

	/** Returns the function that stops listening. */
	on(what: ChangedThing, listener: () => void): () => void {
		const listeners = this.#listeners.get(what) ?? new Set();
		this.#listeners.set(what, listeners.add(listener));
		return () => listeners.delete(listener);
	}

	#notify(what: ChangedThing): void {
		if (this.#closed) return;
		for (const listener of [...(this.#listeners.get(what) ?? [])]) listener();
	}
}
