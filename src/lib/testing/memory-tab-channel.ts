import type { TabChannel } from '../ports/tab-channel.ts';

/** Connects the channels of several tabs: `const hub = new MemoryTabHub<Message>(); const tab = hub.join();` */
export class MemoryTabHub<Message extends { readonly type: string }> {
	readonly #tabs = new Set<MemoryTabChannel<Message>>();

	join(): MemoryTabChannel<Message> {
		const tab = new MemoryTabChannel<Message>(this.#tabs);
		this.#tabs.add(tab);
		return tab;
	}
}

/** One tab's end of a `MemoryTabHub`. Messages are cloned and arrive later, never within `post`. */
export class MemoryTabChannel<
	Message extends { readonly type: string }
> implements TabChannel<Message> {
	readonly #tabs: Set<MemoryTabChannel<Message>>;
	readonly #handlers = new Set<(message: Message) => void>();

	constructor(tabs: Set<MemoryTabChannel<Message>>) {
		this.#tabs = tabs;
	}

	post(message: Message): void {
		if (!this.#tabs.has(this)) return;
		for (const tab of this.#tabs) {
			const copy = structuredClone(message);
			if (tab !== this) queueMicrotask(() => tab.#receive(copy));
		}
	}

	listen(handler: (message: Message) => void): () => void {
		this.#handlers.add(handler);
		return () => void this.#handlers.delete(handler);
	}

	close(): void {
		this.#tabs.delete(this);
		this.#handlers.clear();
	}

	#receive(message: Message): void {
		for (const handler of [...this.#handlers]) handler(message);
	}
}
