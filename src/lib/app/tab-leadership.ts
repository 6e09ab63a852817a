import type { Clock } from '../ports/clock.ts';
import type { Locks } from '../ports/locks.ts';
import type { TabChannel } from '../ports/tab-channel.ts';
import { hasCode } from '../core/errors.ts';
import { newId } from '../core/ids.ts';
import type { AppMessage } from './app-message.ts';

export type TabRole = 'starting' | 'leading' | 'following';

interface Parts {
	readonly locks: Locks;
	readonly channel: TabChannel<AppMessage>;
	readonly clock: Clock;
}

/** How this tab competes for the lock at the moment. `aside`: not at all, for the good of a tab that asked. */
type Way = 'try' | 'queue' | 'steal' | 'aside';

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
	/** The way that is tried now, and the one after it. */
	#way: Way = 'try';
	#next: Way = 'queue';
	/** Ends the waiting that belongs to the way of now. */
	#waiting = new AbortController();
	/** True while this tab asks the others for the lead. */
	#asking = false;
	#retired = false;
	#release: (() => void) | null = null;
	#cleanUp: () => Promise<void> = () => Promise.resolve();
	#cleaning: Promise<void> | null = null;

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

	/**
	 * What to put down before the lock is given up, or after it was taken. The tab does not compete for the lock again
	 * before that is done. If it fails, the lock is given up all the same.
	 */
	beforeRelease(cleanUp: () => Promise<void>): void {
		this.#cleanUp = cleanUp;
	}

	/** Resolves once it is known whether this tab leads. Call it once. Errors: those of `Locks`. */
	start(): Promise<TabRole> {
		return new Promise((resolve, reject) => {
			const stop = this.onChange((role) => {
				stop();
				resolve(role);
			});
			this.#compete().catch(reject);
		});
	}

	/** Asks the leader to give way, and takes the lock after five seconds if it does not. Resolves when this tab leads. */
	async takeOver(): Promise<void> {
		if (this.#role === 'leading' || this.#retired) return;
		const leading = this.#untilLeading();
		const patience = new AbortController();
		this.#asking = true;
		if (this.#way === 'aside') this.#turnTo('queue');
		this.#parts.channel.post({ type: 'release-please', tab: this.#tab });
		this.#parts.clock.sleep(politeMs, patience.signal).then(
			() => this.#turnTo('steal'),
			() => undefined
		);
		await leading;
		patience.abort();
		this.#asking = false;
	}

	/** Gives the lead up for good, or the wish for it. Resolves when all is put down. */
	async retire(): Promise<void> {
		this.#retired = true;
		const release = this.#release;
		if (release) await this.#putDown();
		release?.();
		this.#waiting.abort();
		if (this.#role === 'leading') this.#endLead();
	}

	/** Goes on for the life of the tab: a tab that has lost the lead, or given it up, queues for it again. */
	async #compete(): Promise<void> {
		while (!this.#retired) {
			try {
				await this.#attempt(this.#way);
			} catch (error) {
				if (hasCode(error, 'tab/leader-changed')) await this.#lose();
				else if (!hasCode(error, 'cancelled')) throw error;
			}
			this.#way = this.#next;
			this.#next = 'queue';
			this.#waiting = new AbortController();
		}
		this.#setRole('following');
	}

	async #attempt(way: Way): Promise<void> {
		const { locks, clock } = this.#parts;
		const { signal } = this.#waiting;
		const lead = (): Promise<void> => this.#lead();
		if (way === 'aside') {
			await clock.sleep(politeMs, signal);
		} else if (way === 'try') {
			const { held } = await locks.tryHold(leaderLock, lead);
			if (!held) this.#setRole('following');
		} else {
			await locks.hold(leaderLock, lead, way === 'steal' ? { steal: true } : { signal });
		}
	}

	/** Ends the waiting under way and goes on in that way. */
	#turnTo(way: Way): void {
		this.#next = way;
		this.#waiting.abort();
	}

	/** Leads until the lock is given up. */
	async #lead(): Promise<void> {
		if (this.#retired) return;
		const { promise, resolve } = Promise.withResolvers<null>();
		const release = (): void => resolve(null);
		this.#release = release;
		this.#next = 'queue';
		this.#setRole('leading');
		await promise;
		// A lead that was taken in the meantime has ended already, and another may have begun.
		if (this.#release === release) this.#endLead();
	}

	async #lose(): Promise<void> {
		this.#endLead();
		await this.#putDown();
	}

	#endLead(): void {
		this.#release = null;
		this.#setRole('following');
	}

	/** Makes room for a tab that asked: the leader gives the lock up, a follower leaves the queue for a moment. */
	async #makeWay(): Promise<void> {
		const release = this.#release;
		if (release) {
			await this.#putDown();
			release();
		} else if (!this.#asking) {
			this.#turnTo('aside');
		}
	}

	#putDown(): Promise<void> {
		this.#cleaning ??= this.#cleanUp()
			.catch(() => undefined)
			.finally(() => (this.#cleaning = null));
		return this.#cleaning;
	}

	#untilLeading(): Promise<void> {
		return new Promise((resolve) => {
			const stop = this.onChange((role) => {
				if (role !== 'leading') return;
				stop();
				resolve();
			});
		});
	}

	#setRole(role: TabRole): void {
		if (role === this.#role) return;
		this.#role = role;
		for (const listener of [...this.#listeners]) listener(role);
	}
}
