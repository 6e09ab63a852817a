import { AppError, toAppError } from '../core/errors.ts';
import { encodeError } from './error-codec.ts';
import type { ConsumerMessage, ProducerMessage } from './stream-message.ts';

/** A function is given the signal that the consumer's cancellation aborts, and must end soon after it. */
export type StreamSource<T> =
	Iterable<T> | AsyncIterable<T> | ((signal: AbortSignal) => AsyncIterable<T>);

/**
 * Pushes the items to whoever runs `receiveStream` on the other end, without waiting for it. Resolves when the source
 * has ended, in whatever way, and never rejects: errors go to the consumer. The port is closed then.
 */
export async function sendStream<T>(source: StreamSource<T>, port: MessagePort): Promise<void> {
	const outbox = new Outbox<T>(port);
	const cancel = new AbortController();
	let listening = true;
	port.onmessage = ({ data }: MessageEvent<ConsumerMessage>) => {
		if (data.type === 'leave') listening = false;
		cancel.abort(new AppError('cancelled'));
	};
	// A source that knows nothing of the signal is stopped from here.
	const goesOn = (): boolean =>
		listening && (typeof source === 'function' || !cancel.signal.aborted);
	try {
		const items = typeof source === 'function' ? source(cancel.signal) : source;
		if (Symbol.asyncIterator in items)
			for await (const item of items) {
				if (!goesOn()) break;
				outbox.push(item);
			}
		else for (const item of items) outbox.push(item);
		outbox.finish({ type: 'end' });
	} catch (error) {
		outbox.finish({ type: 'error', error: encodeError(error) });
	} finally {
		port.close();
	}
}

/** No eye sees more often than that, milliseconds. */
const frame = 16;

/**
 * Sends at once what comes a frame after the last message or later; what comes sooner goes with the next message, or at
 * the end of the task. A message for each token would cost more than some tokens do.
 */
class Outbox<T> {
	readonly #port: MessagePort;
	/** Its messages come back as tasks of their own. */
	readonly #bell = new MessageChannel();
	#items: T[] = [];
	#sentAt = -Infinity;
	#failure: AppError | undefined;

	constructor(port: MessagePort) {
		this.#port = port;
		this.#bell.port1.onmessage = () => this.#flushLater();
	}

	push(item: T): void {
		if (this.#failure) throw this.#failure;
		const due = performance.now() - this.#sentAt >= frame;
		if (due) queueMicrotask(() => this.#flushLater());
		else if (this.#items.length === 0) this.#bell.port2.postMessage(null);
		this.#items.push(item);
	}

	finish(last: ProducerMessage<T>): void {
		this.#bell.port1.close();
		try {
			this.#flush();
			this.#post(this.#failure ? { type: 'error', error: encodeError(this.#failure) } : last);
		} catch (error) {
			this.#post({ type: 'error', error: encodeError(error) });
		}
	}

	/** Nobody catches what a task throws: an item that cannot be cloned fails the stream at its next step. */
	#flushLater(): void {
		try {
			this.#flush();
		} catch (error) {
			this.#failure = toAppError(error);
		}
	}

	#flush(): void {
		if (this.#items.length === 0) return;
		const items = this.#items;
		this.#items = [];
		this.#sentAt = performance.now();
		this.#post({ type: 'items', items });
	}

	#post(message: ProducerMessage<T>): void {
		this.#port.postMessage(message);
	}
}
