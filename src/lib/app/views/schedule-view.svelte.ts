import type { MigrationPlan } from '../../migration/plan.ts';
import type { DeviceConditions } from '../../ports/device-conditions.ts';
import type { ChangeFeed } from '../change-feed.ts';
import type { Schedule } from '../schedule.ts';
import type { ScheduledUpgrade } from '../scheduled-upgrade.ts';
import { shownError, type ShownError } from '../shown-error.ts';
import type { StartCondition } from '../start-condition.ts';
import type { EngineWish } from '../upgrade-desk.ts';

interface Parts {
	readonly schedule: Pick<Schedule, 'read' | 'set' | 'cancel'>;
	readonly conditions: Pick<DeviceConditions, 'now'>;
	readonly feed: ChangeFeed;
}

/** The upgrade that is to start later, in every tab. */
export class ScheduleView {
	readonly #parts: Parts;
	#scheduled = $state.raw<ScheduledUpgrade | null>(null);
	#error = $state.raw<ShownError | null>(null);

	constructor(parts: Parts) {
		this.#parts = parts;
		parts.feed.on('schedule', () => void this.refresh());
		// It goes with the start of the upgrade.
		parts.feed.on('upgrade', () => {
			if (this.#scheduled) void this.refresh();
		});
	}

	get scheduled(): ScheduledUpgrade | null {
		return this.#scheduled;
	}

	get error(): ShownError | null {
		return this.#error;
	}

	/** Whether this browser says when the device is charging; one that does not never starts for it. */
	get tellsCharging(): boolean {
		return this.#parts.conditions.now().charging !== null;
	}

	refresh = (): Promise<void> => this.#do(() => Promise.resolve());
	/** Takes the place of what was scheduled before. */
	set = (wish: EngineWish, plan: MigrationPlan, when: StartCondition): Promise<void> =>
		this.#do(() => this.#parts.schedule.set(wish, plan, when));
	cancel = (): Promise<void> => this.#do(() => this.#parts.schedule.cancel());

	async #do(work: () => Promise<void>): Promise<void> {
		this.#error = null;
		try {
			await work();
			this.#scheduled = await this.#parts.schedule.read();
		} catch (error) {
			this.#error = shownError(error);
		}
	}
}
