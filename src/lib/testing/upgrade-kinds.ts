import type { EngineWish } from '../app/upgrade-desk.ts';
import { defineMigrationStep, type StepDefinition } from '../migration/define-migration-step.ts';
import { defaultOptions, type UpgradeOptions } from '../migration/plan.ts';
import type { RecordStore, StoreOf } from '../ports/record-store.ts';
import { write } from '../ports/store-write.ts';
import { modelIds } from './upgrade-models.ts';
import { UpgradeWorld } from './upgrade-world.ts';

/** One kind of upgrade, and the device that it begins on. */
export interface UpgradeKind {
	readonly wish: EngineWish;
	/** What has happened on the device before. */
	readonly prepare?: (world: UpgradeWorld) => Promise<void>;
	readonly customSteps?: (records: RecordStore) => readonly StepDefinition[];
	/** So many writes it has at least, from the plan to Keep. */
	readonly writes: number;
}

/** Few questions: they take most of the time, and write nothing. */
export const fewQuestions: UpgradeOptions = {
	...defaultOptions,
	gate: { ...defaultOptions.gate, queries: 4 }
};

interface Note {
	readonly name: string;
}

const noteStore: StoreOf<Note, string> = { name: 'notes', keyOf: ({ name }) => name };

/** A step with a store of its own, which journals nothing but its beginning and its end. */
const noteStep = (records: RecordStore): StepDefinition =>
	defineMigrationStep<string>({
		name: 'note',
		title: 'Take a note',
		at: 'before-switch',
		plan: (_, to) => to.chat.name,
		do: (name) => records.commit([write.put(noteStore, { name })]),
		verify: async (name) =>
			(await records.get(noteStore, name)) ? { done: true, result: null } : { done: false },
		undo: (name) => records.commit([write.delete(noteStore, name)])
	});

export const upgradeKinds: Readonly<Record<string, UpgradeKind>> = {
	'the chat engine alone': {
		wish: { chat: modelIds.bigChat, embedding: null },
		writes: 32
	},
	'the embedding engine alone': {
		wish: { chat: null, embedding: modelIds.bigEmbed },
		writes: 36
	},
	'both engines': {
		wish: { chat: modelIds.bigChat, embedding: modelIds.bigEmbed },
		writes: 55
	},
	'engines that are built in': {
		wish: { chat: modelIds.otherChat, embedding: modelIds.otherEmbed },
		writes: 32
	},
	'a newer revision of the same engine': {
		wish: { chat: null, embedding: modelIds.miniAfter },
		writes: 34
	},
	'back to an index that is kept': {
		wish: { chat: null, embedding: modelIds.bigEmbed },
		prepare: async (world) => {
			const tab = world.open();
			const wish = { chat: null, embedding: modelIds.bigEmbed };
			await tab.controller.start(await tab.plan(wish, fewQuestions));
			await tab.controller.undo();
		},
		writes: 22
	},
	'the same index built anew': {
		wish: { chat: null, embedding: null, index: { rebuild: true, chunkSize: null } },
		writes: 25
	},
	'passages of another size': {
		wish: { chat: null, embedding: null, index: { rebuild: false, chunkSize: 500 } },
		writes: 28
	},
	'with a step of another maker': {
		wish: { chat: modelIds.otherChat, embedding: null },
		customSteps: (records) => [noteStep(records)],
		writes: 20
	}
};

const devices = new Map<UpgradeKind, Promise<UpgradeWorld>>();

/** The device on which that kind of upgrade begins: to be copied. 36 passages make two batches. */
export function deviceFor(kind: UpgradeKind): Promise<UpgradeWorld> {
	const device =
		devices.get(kind) ??
		UpgradeWorld.furnished([22, 6, 8]).then(async (world) => {
			await kind.prepare?.(world);
			// What comes now is later than what was.
			world.clock.jump(1000);
			return world;
		});
	devices.set(kind, device);
	return device;
}
