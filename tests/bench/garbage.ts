import type { CDPSession, Page } from 'playwright';

interface Attached {
	readonly sessionId: string;
}

interface Answer {
	readonly message: string;
}

/** Collects the garbage of a page and of its dedicated workers, which the page alone does not. */
export class Garbage {
	readonly #session: CDPSession;
	readonly #workers: string[] = [];
	readonly #waiting = new Map<number, () => void>();
	#asked = 0;

	private constructor(session: CDPSession) {
		this.#session = session;
	}

	/** Of a page and the workers that it has and gets. */
	static async of(page: Page): Promise<Garbage> {
		const session = await page.context().newCDPSession(page);
		const garbage = new Garbage(session);
		session.on('Target.attachedToTarget', ({ sessionId }: Attached) => {
			garbage.#workers.push(sessionId);
		});
		session.on('Target.receivedMessageFromTarget', ({ message }: Answer) => {
			const { id } = JSON.parse(message) as { readonly id?: number };
			if (id !== undefined) garbage.#waiting.get(id)?.();
		});
		await session.send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: false });
		return garbage;
	}

	async collect(): Promise<void> {
		await this.#session.send('HeapProfiler.collectGarbage');
		for (const sessionId of this.#workers) {
			const id = ++this.#asked;
			const done = new Promise<void>((resolve) => this.#waiting.set(id, resolve));
			const message = JSON.stringify({ id, method: 'HeapProfiler.collectGarbage', params: {} });
			await this.#session.send('Target.sendMessageToTarget', { sessionId, message });
			await done;
		}
	}
}
