import type { ModelSpec } from '../core/model-spec.ts';
import type { EngineChoice } from '../core/setup.ts';
import { ConversationStore } from '../chat/conversation-store.ts';
import { EngineClient } from '../engines/engine-client.ts';
import { engineInfo } from '../engines/engine-infos.ts';
import type { EngineService } from '../engines/engine-service.ts';
import { KnowledgeClient } from '../knowledge/knowledge-client.ts';
import { LibraryClient } from '../library/library-client.ts';
import type { LibraryService } from '../library/library-service.ts';
import { manifestStore, type CatalogEntry } from '../library/library-api.ts';
import { createSteps } from '../migration/create-steps.ts';
import { MigrationController } from '../migration/migration-controller.ts';
import { MigrationJournal } from '../migration/journal.ts';
import { SetupRepository } from '../migration/setup-repository.ts';
import { WorkerHost } from '../wire/worker-host.ts';
import { ChangeFeed } from './change-feed.ts';
import { DocumentSearch } from './document-search.ts';
import { EnginePool, type EngineRole } from './engine-pool.ts';
import { IndexMaintainer, type LiveIndex } from './index-maintainer.ts';
import { liveIndexes } from './live-indexes.ts';
import { ModelDirectory } from './model-directory.ts';
import type { PlatformParts, WorkerName } from './platform-parts.ts';
import { TabLeadership } from './tab-leadership.ts';
import { TurnGate } from './turn-gate.ts';
import { UpgradeDesk } from './upgrade-desk.ts';
import { activeSetup } from './active-setup.ts';

const readyTimeoutMs = 30_000;

export type Services = ReturnType<typeof createServices>;

/** Joins the features to one another and to the browser. Nothing is started and nothing is written yet. */
export function createServices(parts: PlatformParts, catalog: readonly CatalogEntry[]) {
	const { clock, locks, channel, records, blobs, gpu } = parts;
	const sleep = (ms: number, signal: AbortSignal): Promise<void> => clock.sleep(ms, signal);
	const host = <Api>(name: WorkerName): WorkerHost<Api> =>
		new WorkerHost<Api>({ name, spawn: () => parts.spawn(name), readyTimeoutMs, sleep });

	const feed = new ChangeFeed(channel);
	const leadership = new TabLeadership({ locks, channel, clock });
	const setup = new SetupRepository(records, clock, locks);
	const journal = new MigrationJournal(records);
	const gate = new TurnGate();
	const knowledge = new KnowledgeClient({ spawn: () => parts.spawn('knowledge'), sleep });
	const library = new LibraryClient({
		host: host<LibraryService>('library'),
		catalog,
		baseUrl: parts.baseUrl,
		persist: () => blobs.persist()
	});
	const directory = new ModelDirectory({
		builtIn: parts.builtInModels,
		installed: async (model) => (await records.get(manifestStore, model))?.spec ?? null
	});
	const pool = new EnginePool({
		make: (kind) =>
			new EngineClient({
				info: engineInfo(kind),
				spawn: () => host<EngineService>('engine'),
				sleep
			}),
		onStart: async () => {
			await setup.countStart();
		},
		onStarted: () => setup.reportGoodStart()
	});
	const specOf = (choice: EngineChoice): Promise<ModelSpec> => directory.spec(choice);
	const engineInUse = async (role: EngineRole) => {
		const { current } = await activeSetup(setup);
		return pool.use(role, await specOf(current[role]));
	};
	const maintainer = new IndexMaintainer({
		knowledge,
		liveIndexes: () => liveIndexes({ setup, journal, spec: specOf }),
		embedder: (live, signal) => embedderFor(pool, live, signal)
	});
	const search = new DocumentSearch({
		knowledge,
		index: async () => (await activeSetup(setup)).current.index,
		embedQuery: async (text, signal) => {
			const engine = await engineInUse('embedding');
			const [vector] = await engine.embed([text], { purpose: 'query', signal });
			return vector ?? new Float32Array();
		}
	});
	const steps = createSteps({
		records,
		clock,
		setup,
		bench: pool,
		workshop: knowledge,
		supply: library,
		whenIdle: (signal) => gate.whenIdle(signal)
	});
	const controller = new MigrationController({
		journal,
		setup,
		steps,
		workshop: knowledge,
		clock,
		locks
	});
	const desk = new UpgradeDesk({
		...{ setup, journal, library, knowledge, records, blobs, gpu, clock },
		bench: pool
	});
	const conversations = new ConversationStore({ records, clock });
	return {
		...{ parts, feed, leadership, setup, journal, gate, knowledge, library, directory },
		...{ pool, maintainer, search, controller, desk, conversations, engineInUse }
	};
}

async function embedderFor(pool: EnginePool, live: LiveIndex, signal: AbortSignal) {
	if (!live.inUse) return pool.open(live.spec, signal);
	const engine = await pool.use('embedding', live.spec);
	return {
		embed: (texts: readonly string[], purpose: 'query' | 'passage', abort: AbortSignal) =>
			engine.embed(texts, { purpose, signal: abort }),
		close: () => Promise.resolve()
	};
}
