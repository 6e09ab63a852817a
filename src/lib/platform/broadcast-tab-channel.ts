import type { TabChannel } from '../ports/tab-channel.ts';

/** A tab channel over BroadcastChannel. After `close` posts are dropped. */
export class BroadcastTabChannel<
	Message extends { readonly type: string }
> implements TabChannel<Message> {
	readonly #channel: BroadcastChannel;
	readonly #handlers = new Set<(message: Message) => void>();
	#closed = false;

	constructor(name: string) {
		this.#channel = new BroadcastChannel(name);
		this.#channel.onmessage = (event: MessageEvent<Message>) => {
			for (const handler of [...this.#handlers]) handler(event.data);
		};
	}

	post(message: Message): void {
		if (!this.#closed) this.#channel.postMessage(message);
	}

	listen(handler: (message: Message) => void): () => void {
		this.#handlers.add(handler);
		return () => void this.#handlers.delete(handler);
	}

	close(): void {
		this.#closed = true;
		this.#handlers.clear();
		this.#channel.close();
	}
}
