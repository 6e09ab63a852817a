import type { WorkerLike } from '../wire/worker-session.ts';
import { exposeService } from '../wire/expose-service.ts';

/** A service behind two message ports: everything of a worker but the thread. */
export class InProcessWorker implements WorkerLike {
	/** Whether it has been ended, by whomever. */
	terminated = false;
	readonly #near: MessagePort;
	readonly #far: MessagePort;
	readonly #crashed = new EventTarget();

	constructor(service: object) {
		const { port1, port2 } = new MessageChannel();
		this.#near = port1;
		this.#far = port2;
		void exposeService(service, port2);
	}

	/** As when its script throws where nobody catches it. */
	crash(): void {
		this.#crashed.dispatchEvent(new Event('error'));
	}

	terminate(): void {
		this.terminated = true;
		this.#near.close();
		this.#far.close();
	}

	start(): void {
		this.#near.start();
	}

	postMessage(message: unknown, transfer: Transferable[] = []): void {
		this.#near.postMessage(message, transfer);
	}

	addEventListener(type: string, listener: EventListenerOrEventListenerObject): void {
		(type === 'error' ? this.#crashed : this.#near).addEventListener(type, listener);
	}

	removeEventListener(type: string, listener: EventListenerOrEventListenerObject): void {
		(type === 'error' ? this.#crashed : this.#near).removeEventListener(type, listener);
	}
}
