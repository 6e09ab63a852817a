import { adapterPartStore } from '../adapters/adapter-records.ts';
import { Garbage } from './garbage.ts';
import { IndexKeeper } from './index-keeper.ts';
import type { Services } from './services.ts';

/** The garbage of the running app. `today` is the date by which things are deleted for good, in epoch milliseconds. */
export function garbageOf(services: Services, today: () => Promise<number>): Garbage {
	const { records, clock } = services.parts;
	const keeper = new IndexKeeper({ ...services, records });
	// Where there are no parts, the code that knows of adapters need not be loaded.
	const collectParts = async (): Promise<number> =>
		(await records.count(adapterPartStore)) > 0 ? (await services.adapters()).collectParts() : 0;
	return new Garbage({ ...services, records, keeper, clock, today, collectParts });
}
