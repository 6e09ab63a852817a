import { AppError } from '../core/errors.ts';
import { exposeService } from '../wire/expose-service.ts';
import { linkedContext } from '../wire/linked-context.ts';
import { sendStream } from '../wire/send-stream.ts';

/** A service that shows what crosses a worker boundary. */
const echo = {
	echo: (value: unknown): unknown => value,
	fail: (): never => {
		throw new AppError('storage/missing', { details: { what: 'an echo' } });
	},
	/** Never answers. */
	hang: (): Promise<never> => new Promise(() => undefined),
	/** Throws where nobody catches it. */
	crash: (): void => {
		queueMicrotask(() => {
			throw new Error('the worker broke');
		});
	},
	count: (to: number, port: MessagePort): Promise<void> =>
		sendStream(async function* (signal) {
			for (let n = 1; n <= to && !signal.aborted; n++) {
				await Promise.resolve();
				yield n;
			}
		}, port),
	/** Reports progress once and goes on until it is cancelled. */
	work: async (port: MessagePort): Promise<void> => {
		const { signal, onProgress, close } = linkedContext<number>(port);
		onProgress(0.5);
		await new Promise((_, reject) =>
			signal.addEventListener('abort', () => reject(signal.reason as AppError))
		).finally(close);
	}
};

export type EchoApi = typeof echo;

await exposeService(echo);
