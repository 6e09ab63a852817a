import { Garbage } from './garbage.ts';
import { IndexKeeper } from './index-keeper.ts';
import type { Services } from './services.ts';

/** The garbage of the running app. `today` is the date by which things are deleted for good, in epoch milliseconds. */
export function garbageOf(services: Services, today: () => Promise<number>): Garbage {
	const { records, clock } = services.parts;
	const keeper = new IndexKeeper({ ...services, records });
	return new Garbage({ ...services, records, keeper, clock, today });
}
