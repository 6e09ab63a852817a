import type { AppMessage } from '../../../src/lib/app/app-message.ts';
import { ChangeFeed } from '../../../src/lib/app/change-feed.ts';
import { starterModels } from '../../../src/lib/engines/starter/starter-models.ts';
import type { IndexId, PlanId } from '../../../src/lib/core/ids.ts';
import type { Setup } from '../../../src/lib/core/setup.ts';
import { choiceOf } from '../../../src/lib/app/model-directory.ts';
import { MigrationJournal } from '../../../src/lib/migration/journal.ts';
import { SetupRepository } from '../../../src/lib/migration/setup-repository.ts';
import { BroadcastTabChannel } from '../../../src/lib/platform/broadcast-tab-channel.ts';
import { Database } from '../../../src/lib/platform/database.ts';
import { IdbRecordStore } from '../../../src/lib/platform/idb-record-store.ts';
import { SystemClock } from '../../../src/lib/platform/system-clock.ts';
import { WebLocks } from '../../../src/lib/platform/web-locks.ts';

/** One switch, in milliseconds since the Unix epoch, with fractions. */
export interface SwitchTimes {
	readonly begun: number;
	/** The write is on disk. */
	readonly written: number;
}

const planId = 'bench' as PlanId;
const records = new IdbRecordStore(new Database());
const setup = new SetupRepository(records, new SystemClock(), new WebLocks());
const journal = new MigrationJournal(records);
const channel = new BroadcastTabChannel<AppMessage>('sam');
const feed = new ChangeFeed(channel);

/** The same clock in all tabs of a browser. */
const now = (): number => performance.timeOrigin + performance.now();

const setups = starterModels.map((model): Setup => {
	const choice = choiceOf(model);
	return { chat: choice, embedding: choice, index: model.id as string as IndexId, adapters: [] };
});

/** The switch from setup to setup as the app does it, without the engines and the documents. */
export const setupSwitches = {
	async prepare(): Promise<void> {
		const [first] = setups;
		if (first) await setup.initialise(first);
	},

	/** Switches and goes back in turns; with `journaled`, each is also noted in a journal before others hear of it. */
	async run(count: number, journaled: boolean): Promise<SwitchTimes[]> {
		const [from, to] = setups;
		const times: SwitchTimes[] = [];
		if (!from || !to) return times;
		const plan = `${planId} ${crypto.randomUUID()}` as PlanId;
		for (let seq = 0; seq < count; seq++) {
			const begun = now();
			if (seq % 2 === 1) await setup.restorePrevious(planId);
			else await setup.startTrial({ from, to, planId, keepUntil: begun });
			const written = now();
			if (journaled)
				await journal.append([{ type: 'switch-approved', planId: plan, seq, at: begun }]);
			feed.announce('upgrade');
			times.push({ begun, written });
			await new Promise((resolve) => setTimeout(resolve, 100));
		}
		return times;
	},

	/** When this tab shows each of the next switches. */
	watch(count: number): Promise<number[]> {
		return new Promise((resolve) => {
			const shown: number[] = [];
			const stop = feed.on('upgrade', () => {
				void setup.read().then((record) => {
					document.body.textContent = record?.current.chat.name ?? '';
					// So that what is shown is laid out, too.
					document.body.getBoundingClientRect();
					shown.push(now());
					if (shown.length < count) return;
					stop();
					resolve(shown);
				});
			});
		});
	}
};
