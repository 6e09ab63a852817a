import type { Clock } from '../ports/clock.ts';
import type { Locks } from '../ports/locks.ts';
import type { TabChannel } from '../ports/tab-channel.ts';
import { newId } from '../core/ids.ts';
import type { AppMessage } from './app-message.ts';

export type TabRole = 'starting' | 'leading' | 'following';

interface Parts {
	readonly locks: Locks;
	readonly channel: TabChannel<AppMessage>;
	readonly clock: Clock;
}

const leaderLock = 'leader';
/** How long a leader may take to put its work down before the lock is taken from it. */
const politeMs = 5000;

/**
 * One tab leads: it holds a lock for its life, runs workers and may write. The others follow and queue for the lock,
 * so that closing the leader hands over by itself.
 */
export class TabLeadership {
	readonly #parts: Parts;
	readonly #tab = newId();
	readonly #listeners = new Set<(role: TabRole) => void>();
	#role: TabRole = 'starting';
	#release: (() => void) | null = null;
	#waiting: AbortController | null = null;
	#cleanUp: () => Promise<void> = () => Promise.resolve();

	constructor(parts: Parts) {
		this.#parts = parts;
		parts.channel.listen((message) => {
			if (message.type === 'release-please') void this.#makeWay();
		});
	}

	get role(): TabRole {
		return this.#role;
	}

	/** Returns the function that stops listening. */
	onChange(listener: (role: TabRole) => void): () => void {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}

	/** What to put down before the lock is given up. */
	beforeRelease(cleanUp: () => Promise<void>): void {
		this.#cleanUp = cleanUp;
	}

	/** Resolves once it is known whether this tab leads. */
	async start(): Promise<TabRole> {
		const firstLook = new Promise<void>((resolve) => {
			void this.#parts.locks
				.tryHold(leaderLock, () => {
					const held = this.#hold();
					resolve();
					return held;
				})
				.then(({ held }) => {
					if (!held) {
						this.#setRole('following');
						resolve();
					}
					// A held lock has been given up by now: queue for it again.
					void this.#queue();
				});
		});
		await firstLook;
		return this.#role;
	}

	/** Asks the leader to give way; takes the lock after five seconds if it does not answer. */
	async takeOver(): Promise<void> {
		if (this.#role === 'leading') return;
		this.#parts.channel.post({ type: 'release-please', tab: this.#tab });
		const granted = await Promise.race([
			new Promise<true>((resolve) => {
				const stop = this.onChange((role) => {
					if (role !== 'leading') return;
					stop();
					resolve(true);
				});
			}),
			this.#parts.clock.sleep(politeMs).then(() => false as const)
		]);
		if (granted) return;
		this.#waiting?.abort();
		void this.#parts.locks
			.hold(leaderLock, () => this.#hold(), { steal: true })
			.then(
				() => this.#queue(),
				() => this.#lost()
			);
	}

	async #queue(): Promise<void> {
		this.#waiting = new AbortController();
		try {
			await this.#parts.locks.hold(leaderLock, () => this.#hold(), {
				signal: this.#waiting.signal
			});
		} catch {
			// Stepped back for a tab that asked to lead, or the lock was taken from us.
			this.#lost();
			return;
		}
		void this.#queue();
	}

	#hold(): Promise<void> {
		this.#setRole('leading');
		return new Promise<void>((resolve) => {
			this.#release = () => {
				this.#release = null;
				this.#setRole('following');
				resolve();
			};
		});
	}

	#lost(): void {
		this.#release = null;
		if (this.#role === 'leading') this.#setRole('following');
	}

	async #makeWay(): Promise<void> {
		if (this.#release) {
			await this.#cleanUp();
			this.#release();
			return;
		}
		// A follower leaves the queue for a moment, so that the tab that asked is first in it.
		this.#waiting?.abort();
		await this.#parts.clock.sleep(2 * politeMs);
		if (this.#role === 'following') void this.#queue();
	}

	#setRole(role: TabRole): void {
		if (role === this.#role) return;
		this.#role = role;
		for (const listener of [...this.#listeners]) listener(role);
	}
}
