import { addressOrigin } from './address-origin.ts';
import { Notices } from './notices.svelte.ts';

/** The hosts that SAM talks to. */
export interface KnownHosts {
	/** Whether the user knows that SAM talks to this origin. */
	readonly mayContact: (origin: string) => boolean;
	readonly allowHost: (origin: string) => Promise<void>;
}

/** What is added by its address: a host that SAM has never talked to is named before it is contacted. */
export abstract class AddByAddress {
	address = $state('');
	protected readonly notices = new Notices();
	readonly #hosts: KnownHosts;
	#toContact = $state<string | null>(null);
	#stop = new AbortController();

	constructor(hosts: KnownHosts) {
		this.#hosts = hosts;
	}

	get error(): Notices['error'] {
		return this.notices.error;
	}

	/** An origin that SAM has never talked to and will only when the user agrees. */
	get toContact(): string | null {
		return this.#toContact;
	}

	/** Looks at the address. One on a host that SAM does not know is named first. */
	look = async (): Promise<void> => {
		const origin = addressOrigin(this.address);
		if (origin && !this.#hosts.mayContact(origin)) {
			this.forget();
			this.#toContact = origin;
			return;
		}
		await this.lookAt(this.address.trim());
	};

	/** The user agrees: the look goes on. */
	contact = async (): Promise<void> => {
		const origin = this.#toContact;
		if (!origin) return;
		this.#toContact = null;
		await this.notices.run(async () => {
			await this.#hosts.allowHost(origin);
			return null;
		});
		if (!this.error) await this.look();
	};

	declineContact = (): void => {
		this.#toContact = null;
	};

	/** Stops what is under way; what was entered stays, and what has come so far. */
	stop = (): void => this.halt();

	/** Looks at what is there. It tells itself how it went. */
	protected abstract lookAt(address: string): Promise<void>;

	/** Puts everything back, but for the address. */
	protected forget(): void {
		this.#toContact = null;
		this.notices.dismiss();
	}

	protected halt(reason?: unknown): void {
		this.#stop.abort(reason);
	}

	/** Of what begins now, which `stop` stops. */
	protected nextSignal(): AbortSignal {
		this.#stop = new AbortController();
		return this.#stop.signal;
	}
}
