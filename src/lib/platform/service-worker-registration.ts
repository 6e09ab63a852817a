import { Workbox } from 'workbox-window';

export interface AppUpdatesOptions {
	/** URL of the built service worker. */
	readonly script: string;
	/** Where the app lives; default: the folder of the script. */
	readonly scope?: string;
	/** How long to wait for the service worker to take control before going on without it, milliseconds. */
	readonly patience?: number;
}

/** `failed` are absolute URLs. */
export type RuntimeInstall =
	{ readonly ok: true } | { readonly ok: false; readonly failed: readonly string[] };

/**
 * The installed app and its updates. A new version is fetched in the background and waits; it takes over, and the page
 * is reloaded, only by `applyUpdate`. Where there are no service workers everything answers as if there were no update.
 */
export class AppUpdates {
	readonly #container: ServiceWorkerContainer | undefined;
	readonly #workbox: Workbox | null;
	readonly #patience: number;
	readonly #registration: Promise<ServiceWorkerRegistration | null>;
	readonly #waitingListeners = new Set<() => void>();
	readonly #replacedListeners = new Set<() => void>();
	#waiting = false;
	#applying = false;

	/** Registers at once. */
	constructor({ script, scope, patience = 5000 }: AppUpdatesOptions) {
		// Absent on insecure addresses, whatever the types say.
		this.#container = (navigator as { serviceWorker?: ServiceWorkerContainer }).serviceWorker;
		this.#patience = patience;
		this.#workbox = this.#container
			? new Workbox(script, scope === undefined ? {} : { scope })
			: null;
		this.#registration = this.#register();
	}

	/** Calls back when a new version waits, also when one was waiting before. Returns how to stop listening. */
	onUpdateWaiting(listener: () => void): () => void {
		this.#waitingListeners.add(listener);
		if (this.#waiting) listener();
		return () => this.#waitingListeners.delete(listener);
	}

	/** Calls back when another tab has applied an update: this page runs the old version and should be reloaded. */
	onReplaced(listener: () => void): () => void {
		this.#replacedListeners.add(listener);
		return () => this.#replacedListeners.delete(listener);
	}

	/** Lets the waiting version take over and reloads the page then. Without one, nothing happens. */
	async applyUpdate(): Promise<void> {
		const waiting = (await this.#registration)?.waiting;
		if (!waiting) return;
		this.#applying = true;
		waiting.postMessage({ type: 'activate' });
	}

	/** Loads the page anew, in the newest version that can be had. */
	async reload(): Promise<void> {
		await this.check();
		const registration = await this.#registration;
		if (registration?.installing) await this.#settled(registration.installing);
		if (registration?.waiting) await this.applyUpdate();
		else location.reload();
	}

	/** Looks for a new version. Offline, without service workers, or where no answer comes in time, nothing happens. */
	async check(): Promise<void> {
		const update = (await this.#registration)?.update().catch(() => undefined);
		const tooLate = new Promise((resolve) => {
			setTimeout(resolve, this.#patience);
		});
		await Promise.race([update, tooLate]);
	}

	/**
	 * Resolves once the service worker controls this page, so that workers started from now on carry the policy and
	 * are kept for offline use: true. False where that cannot be, or did not happen in time.
	 */
	async ready(): Promise<boolean> {
		const container = this.#container;
		const registration = await this.#registration;
		if (!container || !registration) return false;
		if (container.controller) return true;
		const controlled = new Promise<true>((resolve) => {
			container.addEventListener('controllerchange', () => resolve(true), { once: true });
		});
		registration.active?.postMessage({ type: 'claim' });
		const tooLate = new Promise<false>((resolve) => {
			setTimeout(() => resolve(false), this.#patience);
		});
		return Promise.race([controlled, tooLate]);
	}

	/** Keeps built files (same origin, below `_app/immutable/`) for offline use. */
	async install(urls: readonly string[]): Promise<RuntimeInstall> {
		const reply = await this.#ask({ type: 'install', urls });
		return (reply ?? { ok: false, failed: urls }) as RuntimeInstall;
	}

	/** Which of these built files are not kept for offline use. */
	async missing(urls: readonly string[]): Promise<readonly string[]> {
		const reply = (await this.#ask({ type: 'missing', urls })) as { missing: string[] } | null;
		return reply?.missing ?? urls;
	}

	/** Hosts that a library started from now on may reach besides those of the catalog: replaces the list. */
	async allowOrigins(origins: readonly string[]): Promise<void> {
		await this.#ask({ type: 'allow-origins', origins });
	}

	/** Servers that engines started from now on may reach: replaces the list. */
	async allowServers(origins: readonly string[]): Promise<void> {
		await this.#ask({ type: 'allow-servers', origins });
	}

	async #register(): Promise<ServiceWorkerRegistration | null> {
		const workbox = this.#workbox;
		const container = this.#container;
		if (!workbox || !container) return null;
		workbox.addEventListener('waiting', () => {
			this.#waiting = true;
			for (const listener of this.#waitingListeners) listener();
		});
		let hadController = container.controller !== null;
		container.addEventListener('controllerchange', () => {
			if (this.#applying) location.reload();
			else if (hadController) for (const listener of this.#replacedListeners) listener();
			hadController = true;
		});
		try {
			return (await workbox.register({ immediate: true })) ?? null;
		} catch {
			// Refused by the browser or offline at the first visit: the app works without, online.
			return null;
		}
	}

	/** Resolves when it is installed, has failed, or takes too long. */
	#settled(worker: ServiceWorker): Promise<void> {
		return new Promise((resolve) => {
			worker.addEventListener('statechange', () => {
				if (worker.state !== 'installing') resolve();
			});
			setTimeout(resolve, this.#patience);
		});
	}

	async #ask(message: object): Promise<unknown> {
		if (!(await this.ready())) return null;
		const controller = this.#container?.controller;
		if (!controller) return null;
		return new Promise((resolve) => {
			const { port1, port2 } = new MessageChannel();
			port1.onmessage = (event: MessageEvent<unknown>) => {
				port1.close();
				resolve(event.data);
			};
			controller.postMessage(message, [port2]);
		});
	}
}
