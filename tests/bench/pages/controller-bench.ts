import { AppView } from '../../../src/lib/app/views/app-view.svelte.ts';
import { everyModel, filterListings } from '../../../src/lib/app/views/model-filter.ts';
import { choicesFor } from '../../../src/lib/app/views/wizard-choices.ts';
import { choiceOf } from '../../../src/lib/app/model-directory.ts';
import {
	conversationStore,
	messageStore,
	type MessageRow
} from '../../../src/lib/chat/chat-records.ts';
import {
	newId,
	type ConversationId,
	type IndexId,
	type MessageId,
	type PlanId
} from '../../../src/lib/core/ids.ts';
import type { Setup } from '../../../src/lib/core/setup.ts';
import { starterModels } from '../../../src/lib/engines/starter/starter-models.ts';
import { configStore } from '../../../src/lib/migration/config-store.ts';
import type { JournalEvent } from '../../../src/lib/migration/journal-entry.ts';
import { MigrationController } from '../../../src/lib/migration/migration-controller.ts';
import type { MigrationDeps } from '../../../src/lib/migration/migration-deps.ts';
import { MigrationJournal } from '../../../src/lib/migration/journal.ts';
import { defaultOptions, type MigrationPlan } from '../../../src/lib/migration/plan.ts';
import { SetupRepository } from '../../../src/lib/migration/setup-repository.ts';
import { takeSnapshot } from '../../../src/lib/migration/snapshot.ts';
import { Database } from '../../../src/lib/platform/database.ts';
import { IdbRecordStore } from '../../../src/lib/platform/idb-record-store.ts';
import { SystemClock } from '../../../src/lib/platform/system-clock.ts';
import { WebLocks } from '../../../src/lib/platform/web-locks.ts';
import type { StoreOf } from '../../../src/lib/ports/record-store.ts';
import { write } from '../../../src/lib/ports/store-write.ts';
import { listingOf } from '../../../src/lib/testing/listing-of.ts';

interface BenchSetting {
	readonly name: string;
	readonly value: string;
}

const settings: StoreOf<BenchSetting, string> = { name: 'settings', keyOf: ({ name }) => name };
const chats = 200;
const settingCount = 50;
/** Of an upgrade that has embedded tens of thousands of passages. */
const checkpoints = 2000;
/** So many calls are measured at once: one alone is shorter than the browser's clock tells. */
const calls = 1000;

const records = new IdbRecordStore(new Database());
const clock = new SystemClock();
const setup = new SetupRepository(records, clock, new WebLocks());
const journal = new MigrationJournal(records);
const configStores = [configStore(settings, (row): row is BenchSetting => row !== null)];
const models = Array.from({ length: 60 }, (_, at) => listingOf(`Model ${at}`));
const view = new AppView();
const choices = starterModels.map(choiceOf);
const planId = 'controller-bench' as PlanId;
// Looks at upgrades only: nothing is run.
const controller = new MigrationController({
	...{ journal, setup, clock, locks: new WebLocks() }
} as MigrationDeps);

/** What is done again and again while the app is used. Times are in milliseconds. */
export const controllerBench = {
	/** A device with 200 chats, 50 settings, and an upgrade under way that has come far. */
	async prepare(): Promise<void> {
		const [from, to] = setups();
		await setup.initialise(from);
		const rows = Array.from({ length: settingCount }, (_, at) =>
			write.put(settings, { name: `setting-${at}`, value: 'x'.repeat(200) })
		);
		await records.commit([...rows, ...Array.from({ length: chats }, (_, at) => chatOf(at)).flat()]);
		const plan = { id: planId, version: 1, createdAt: 0, from, to } as const;
		const step = { id: 'snapshot', kind: 'snapshot', params: { setup: from } } as const;
		const whole: MigrationPlan = {
			...plan,
			options: defaultOptions,
			steps: [step],
			needs: { downloadBytes: 0, peakBytes: 0, texts: 0 },
			effects: { kept: [], changed: [], lost: [] }
		};
		const events: JournalEvent[] = [
			{ type: 'planned', plan: whole },
			{ type: 'step-started', step: step.id },
			...Array.from({ length: checkpoints }, (_, embedded): JournalEvent => ({
				...{ type: 'step-checkpoint', step: step.id, checkpoint: { embedded, total: 99_999 } }
			}))
		];
		await journal.append(events.map((event, seq) => ({ ...event, planId, seq, at: seq })));
		await controller.refresh();
		view.showSetup((await setup.read()) ?? null);
		view.showStarted();
	},

	/** One setting, as Settings writes it. */
	updateConfig: (): Promise<number> =>
		timed(() => records.commit([write.put(settings, { name: 'setting-7', value: newId() })])),

	/** Setup and settings, written, read back, fingerprint compared. */
	backUp: (): Promise<number> =>
		timed(async () => {
			const record = await setup.read();
			if (!record) throw new Error('no setup');
			const subject = { planId: newId() as PlanId, record, reason: 'by-hand' } as const;
			await takeSnapshot({ records, clock, configStores }, subject);
		}),

	/** What the controller knows of the upgrade, from memory. */
	readView: (): number => each(() => controller.view),

	/** The state of the upgrade, read from its journal. */
	refresh: (): Promise<number> => timed(() => controller.refresh()),

	/** The list of Core Engines, filtered. */
	listEngines: (): number => each(() => filterListings(models, everyModel, () => true)),

	/** What the wizard offers when it opens. */
	openWizard: (): number =>
		each(() =>
			choicesFor('generate', { listings: models, fits: null, inUse: undefined, chosen: 'keep' })
		),

	indicate: (): number => each(() => [view.engineName, view.engineState, view.degradation]),

	/** The switch: how long the call holds the page up, and when the pointer is on disk. */
	async switch(): Promise<{ readonly call: number; readonly durable: number }> {
		const [from, to] = setups();
		const id = newId() as PlanId;
		const begun = performance.now();
		const written = setup.startTrial({ from, to, planId: id, keepUntil: Date.now() });
		const call = performance.now() - begun;
		await written;
		const durable = performance.now() - begun;
		await setup.restorePrevious(id);
		return { call, durable };
	}
};

async function timed(work: () => Promise<unknown>): Promise<number> {
	const begun = performance.now();
	await work();
	return performance.now() - begun;
}

/** Of one call, on average. */
function each(call: () => unknown): number {
	const begun = performance.now();
	for (let at = 0; at < calls; at++) call();
	return (performance.now() - begun) / calls;
}

function setups(): [Setup, Setup] {
	const [one, other] = choices;
	if (!one || !other) throw new Error('two models are needed');
	const of = (choice: typeof one): Setup => ({
		...{ chat: choice, embedding: choice, adapters: [] },
		index: choice.model as string as IndexId
	});
	return [of(one), of(other)];
}

/** A chat with one question in it. */
function chatOf(at: number) {
	const id = `chat-${at}` as ConversationId;
	const message: MessageRow = {
		...{ id: `message-${at}` as MessageId, conversationId: id, position: 0, role: 'user', at },
		...{ text: 'What does the code F22 mean? '.repeat(20), state: 'complete', error: null },
		...{ citations: [], reasoning: null, provenance: null }
	};
	return [
		write.put(conversationStore, { id, title: `Chat ${at}`, createdAt: at, updatedAt: at }),
		write.put(messageStore, message)
	];
}
