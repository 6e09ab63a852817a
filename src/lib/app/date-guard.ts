import { believedDate } from '../migration/believed-date.ts';
import type { Clock } from '../ports/clock.ts';
import type { RecordStore } from '../ports/record-store.ts';
import { write } from '../ports/store-write.ts';
import { readSetting } from './read-setting.ts';
import { settingsStore } from './settings-record.ts';

interface Parts {
	readonly records: RecordStore;
	readonly clock: Pick<Clock, 'now'>;
}

/** The date by which things are deleted for good: that of the device, unless its clock has leapt ahead. */
export class DateGuard {
	readonly #parts: Parts;

	constructor(parts: Parts) {
		this.#parts = parts;
	}

	/** Epoch milliseconds. In the tab that leads: it notes what the clock says, for the next start. */
	async today(): Promise<number> {
		const { records, clock } = this.#parts;
		const before = (await readSetting(records, 'clock')) ?? null;
		const { date, sighting } = believedDate(before, clock.now());
		await records.commit([write.put(settingsStore, { name: 'clock', value: sighting })]);
		return date;
	}
}
