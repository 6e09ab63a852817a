import { settingsStore } from '../app/settings-record.ts';
import { choiceOf } from '../app/model-directory.ts';
import type { Answering } from '../chat/chat-ports.ts';
import { runTurn } from '../chat/turn.ts';
import type { ConversationId, ModelId } from '../core/ids.ts';
import { toAppError } from '../core/errors.ts';
import type { Setup } from '../core/setup.ts';
import { indexIdOf, indexSpecOf } from '../knowledge/index-spec.ts';
import type { StepDefinition } from '../migration/define-migration-step.ts';
import type { RecordStore } from '../ports/record-store.ts';
import { write } from '../ports/store-write.ts';
import { CrashPoint } from './crash-point.ts';
import { ManualClock } from './manual-clock.ts';
import { MemoryBlobStore, type MemoryBlobStoreOptions } from './memory-blob-store.ts';
import { MemoryLocks } from './memory-locks.ts';
import { MemoryRecordStore, type MemoryRecordStoreOptions } from './memory-record-store.ts';
import type { BenchScript } from './scripted-bench.ts';
import { ScriptedRangeSource } from './scripted-range-source.ts';
import { adaptersOn, adapterWrites } from './upgrade-adapters.ts';
import { modelHost, modelIds, upgradeModels } from './upgrade-models.ts';
import { UpgradeTab } from './upgrade-tab.ts';
import type { StepWatch } from './watched-steps.ts';

const never = new AbortController().signal;
const unwatched: StepWatch = { call: () => undefined, denies: () => false };
const documentKinds = [undefined, 'shared', 'long'] as const;
const start = 1_700_000_000_000;

export interface WorldOptions {
	readonly script?: BenchScript;
	readonly watch?: StepWatch;
	/** Made for each tab, over what it stores in. */
	readonly customSteps?: (records: RecordStore) => readonly StepDefinition[];
	readonly records?: MemoryRecordStoreOptions;
	readonly blobs?: MemoryBlobStoreOptions;
}

/**
 * A document of so many passages, each told from all others by its words; shared ones are the same in every document, and
 * long ones are more than one passage of a smaller size.
 */
export function documentOf(name: string, passages: number, kind?: 'shared' | 'long'): File {
	const repeats = kind === 'long' ? 11 : 1;
	const sections = Array.from({ length: passages }, (_, at) => {
		const topic = kind === 'shared' ? `common${at}` : `${name}topic${at}`;
		const sentences = Array.from(
			{ length: repeats },
			(_, nth) => `The ${topic} passage of a file tells about ${topic} thing${nth} there.`
		);
		return `# Heading ${topic}\n\n${sentences.join(' ')}`;
	});
	return new File([sections.join('\n\n')], `${name}.md`, { lastModified: start });
}

/**
 * A device on which SAM is in use: documents, chats, settings, an installed embedding model, and everything that an
 * upgrade touches. What survives a crash is here; `open` is a start of the app.
 */
export class UpgradeWorld {
	readonly disk: MemoryRecordStore;
	readonly blobs: MemoryBlobStore;
	readonly clock: ManualClock;
	readonly source = new ScriptedRangeSource();
	readonly tabs: UpgradeTab[] = [];
	readonly #locks = new MemoryLocks();
	readonly #options: WorldOptions;

	private constructor(
		options: WorldOptions,
		{ disk, blobs, clock }: Pick<UpgradeWorld, 'disk' | 'blobs' | 'clock'>
	) {
		this.#options = options;
		this.disk = disk;
		this.blobs = blobs;
		this.clock = clock;
		for (const { entry, bodies } of upgradeModels)
			for (const [path, body] of bodies)
				this.source.serve(`${modelHost}${entry.id}@${entry.revision}/${path}`, {
					body,
					validator: 'v1'
				});
	}

	/** With so many passages in its documents. */
	static async furnished(passages: readonly number[], options: WorldOptions = {}) {
		const world = new UpgradeWorld(options, {
			disk: new MemoryRecordStore(options.records),
			blobs: new MemoryBlobStore(options.blobs),
			clock: new ManualClock(start)
		});
		await world.#furnish(passages);
		return world;
	}

	/** The same device once more, as it is now; what happens to one does not happen to the other. */
	copy(options: WorldOptions = {}): UpgradeWorld {
		return new UpgradeWorld(options, {
			disk: this.disk.copy(options.records),
			blobs: this.blobs.copy({ quota: this.blobs.quota, ...options.blobs }),
			clock: new ManualClock(this.clock.now())
		});
	}

	/** Opens the app in a tab of its own. Its writes go through the crash point. */
	open(crash: CrashPoint = CrashPoint.never(), catalog: 'now' | 'before' = 'now'): UpgradeTab {
		const { script = {}, watch = unwatched, customSteps } = this.#options;
		const records = crash.records(this.disk);
		const tab = new UpgradeTab({
			...{ clock: this.clock, locks: this.#locks, source: this.source, catalog },
			...{ records, blobs: crash.blobs(this.blobs), script, watch },
			customSteps: customSteps?.(records) ?? []
		});
		this.tabs.push(tab);
		return tab;
	}

	async #furnish(passages: readonly number[]): Promise<void> {
		const tab = this.open(CrashPoint.never(), 'before');
		await tab.library.install(modelIds.mini, () => undefined, never);
		await this.disk.commit(adapterWrites());
		await tab.setup.initialise(await firstSetup());
		for (const [at, count] of passages.entries())
			await tab.knowledge.importFile(documentOf(`doc${at}`, count, documentKinds[at]));
		await tab.knowledge.createIndex(indexSpecOf(specIn(modelIds.mini)));
		await tab.maintainer.run();
		await tab.prompts.add('What is the first topic about?');
		const [own, ...others] = (await tab.prompts.list()).reverse();
		for (const { id } of others) if (id !== own?.id) await tab.prompts.remove(id);
		const { id } = await tab.conversations.create();
		await ask(tab, this, id, 'What does doc0topic1 tell about?');
		await this.disk.commit([
			write.put(settingsStore, { name: 'appearance', value: 'dark' }),
			write.put(settingsStore, { name: 'hosts', value: ['https://mirror.test'] })
		]);
	}
}

export function specIn(id: ModelId) {
	const model = upgradeModels.find(({ spec }) => spec.id === id);
	if (!model) throw new Error(`no model ${id}`);
	return model.spec;
}

/** The chat engine is built in; the embedding engine was downloaded. */
async function firstSetup(): Promise<Setup> {
	return {
		chat: choiceOf(specIn(modelIds.plainChat)),
		embedding: choiceOf(specIn(modelIds.mini)),
		index: await indexIdOf(indexSpecOf(specIn(modelIds.mini))),
		adapters: adaptersOn
	};
}

/** A turn of a chat, answered by the engine in use from the documents. */
export async function ask(
	tab: UpgradeTab,
	{ clock }: Pick<UpgradeWorld, 'clock'>,
	conversation: ConversationId,
	question: string
) {
	const engine = { open: () => answering(tab) };
	const parts = { store: tab.conversations, finder: tab.search, engine, clock };
	return runTurn(parts, conversation, question, never, () => undefined);
}

async function answering(tab: UpgradeTab): Promise<Answering> {
	const record = await tab.setup.read();
	if (!record) throw new Error('there is no setup');
	const { chat } = record.current;
	const spec = await tab.specOf(chat);
	return {
		...{ engine: chat, extractive: false, device: 'cpu', mishaps: [] },
		contextTokens: spec.contextTokens,
		generate: async function* (request, signal) {
			const engine = await tab.bench.open(spec, signal);
			try {
				for await (const event of engine.generate(request, signal))
					yield event.type === 'text-delta' ? { ...event, text: `${event.text} [1]` } : event;
			} finally {
				await engine.close();
			}
		},
		insteadOf: (error) => Promise.reject(toAppError(error))
	};
}
