import { AppError } from '../core/errors.ts';
import { decodeError } from './error-codec.ts';
import type { ConsumerMessage, ProducerMessage } from './stream-message.ts';

/**
 * The items that `sendStream` pushes into the other end. To stop reading (`break`, `return()`) tells the producer that
 * nobody listens. When `signal` aborts, the producer is asked to finish, and what it still sends arrives until it has.
 * `call` is the remote call that feeds the stream: if it rejects, as when the worker dies, so does the stream.
 */
export async function* receiveStream<T>(
	port: MessagePort,
	signal?: AbortSignal,
	call?: Promise<unknown>
): AsyncGenerator<T, void, void> {
	const inbox = new Inbox<T>(port);
	const tell = (type: ConsumerMessage['type']): void =>
		port.postMessage({ type } satisfies ConsumerMessage);
	const onAbort = (): void => tell('cancel');
	call?.catch((error: unknown) => inbox.fail(error));
	if (signal?.aborted) onAbort();
	signal?.addEventListener('abort', onAbort, { once: true });
	try {
		for (;;) {
			const items = await inbox.take();
			if (!items) return;
			yield* items;
		}
	} finally {
		signal?.removeEventListener('abort', onAbort);
		if (!inbox.ended) tell('leave');
		port.close();
	}
}

class Inbox<T> {
	#items: T[] = [];
	#end: { readonly error?: unknown } | undefined;
	#wake: () => void = () => undefined;

	constructor(port: MessagePort) {
		port.onmessage = ({ data }: MessageEvent<ProducerMessage<T>>) => this.#receive(data);
		port.onmessageerror = () =>
			this.fail(new AppError('bug', { details: { reason: 'a message could not be read' } }));
		// Where the browser tells: the other side is gone without a last word.
		port.addEventListener('close', () =>
			this.fail(new AppError('wire/worker-died', { details: { reason: 'it closed the stream' } }))
		);
	}

	get ended(): boolean {
		return this.#end !== undefined;
	}

	fail(error: unknown): void {
		this.#finish({ error });
	}

	/** The items that have come since the last call, or undefined at the end. Rejects when the stream failed. */
	async take(): Promise<T[] | undefined> {
		while (this.#items.length === 0) {
			if (this.#end && 'error' in this.#end) throw this.#end.error;
			if (this.#end) return undefined;
			await new Promise<void>((resolve) => {
				this.#wake = resolve;
			});
		}
		const items = this.#items;
		this.#items = [];
		return items;
	}

	#receive(message: ProducerMessage<T>): void {
		if (message.type === 'end') this.#finish({});
		else if (message.type === 'error') this.fail(decodeError(message.error));
		else {
			for (const item of message.items) this.#items.push(item);
			this.#wake();
		}
	}

	#finish(end: { readonly error?: unknown }): void {
		this.#end ??= end;
		this.#wake();
	}
}
