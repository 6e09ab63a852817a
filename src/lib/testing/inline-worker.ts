interface Reply {
	readonly value?: unknown;
	readonly error?: string;
}

/**
 * One module of ours in a worker of its own, for what a page cannot do:
 * `new InlineWorker(new URL('./sums.ts', import.meta.url), '({ Sums }, n) => new Sums().upTo(n)')`.
 * The code is a function of the module's exports and of what is asked. Ask one thing at a time.
 */
export class InlineWorker {
	readonly #worker: Worker;
	readonly #url: string;

	constructor(module: URL, code: string) {
		const text = `
			import * as exported from '${module.href}';
			const answer = ${code};
			addEventListener('message', async ({ data }) => {
				try {
					postMessage({ value: await answer(exported, data) });
				} catch (error) {
					postMessage({ error: String(error) });
				}
			});`;
		this.#url = URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
		this.#worker = new Worker(this.#url, { type: 'module' });
	}

	/** What the code gave for `message`; rejects with what it threw. */
	ask(message: unknown): Promise<unknown> {
		const { promise, resolve, reject } = Promise.withResolvers<unknown>();
		this.#worker.onmessage = ({ data }: MessageEvent<Reply>) =>
			data.error === undefined ? resolve(data.value) : reject(new Error(data.error));
		this.#worker.onerror = (event) => reject(new Error(event.message));
		this.#worker.postMessage(message);
		return promise;
	}

	close(): void {
		this.#worker.terminate();
		URL.revokeObjectURL(this.#url);
	}
}
