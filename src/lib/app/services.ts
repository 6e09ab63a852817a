import type { ModelSpec } from '../core/model-spec.ts';
import type { EngineChoice } from '../core/setup.ts';
import { ConversationStore } from '../chat/conversation-store.ts';
import { PastQuestions } from '../chat/past-questions.ts';
import { EngineClient } from '../engines/engine-client.ts';
import { engineInfo } from '../engines/engine-infos.ts';
import type { EngineService } from '../engines/engine-service.ts';
import { remoteModels } from '../engines/remote/remote-models.ts';
import { remoteServerStore } from '../engines/remote/remote-server.ts';
import type { ServerProbe } from '../engines/remote/server-probe.ts';
import { KnowledgeClient } from '../knowledge/knowledge-client.ts';
import { LibraryClient } from '../library/library-client.ts';
import type { LibraryService } from '../library/library-service.ts';
import type { CatalogEntry } from '../library/catalog/catalog-entry.ts';
import { manifestStore } from '../library/library-api.ts';
import type { MigrationView } from '../migration/describe-progress.ts';
import { MigrationController } from '../migration/migration-controller.ts';
import { MigrationJournal } from '../migration/journal.ts';
import { SetupRepository } from '../migration/setup-repository.ts';
import { WorkerHost } from '../wire/worker-host.ts';
import { announceLibraryChanges } from './announce-library-changes.ts';
import { ChangeFeed } from './change-feed.ts';
import { DocumentSearch } from './document-search.ts';
import { embedderFor } from './embedder-for.ts';
import { createEngines } from './engine-services.ts';
import { IndexMaintainer } from './index-maintainer.ts';
import { LibraryHosts } from './library-hosts.ts';
import { liveIndexes } from './live-indexes.ts';
import { loadedOnce } from './loaded-once.ts';
import { migrationSteps } from './migration-steps.ts';
import { ModelDirectory } from './model-directory.ts';
import type { PlatformParts, WorkerName } from './platform-parts.ts';
import { Schedule } from './schedule.ts';
import { ServerAccess } from './server-access.ts';
import { TabLeadership } from './tab-leadership.ts';
import { TabVersion } from './tab-version.ts';
import { TurnGate } from './turn-gate.ts';
import { UpgradeBroadcast } from './upgrade-broadcast.ts';

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
	const version = new TabVersion({
		...{ channel, build: parts.build },
		onReplaced: (listener) => {
			parts.onNewerStorage(listener);
			parts.installation.onReplaced(listener);
		}
	});
	const live = new UpgradeBroadcast({ channel, clock });
	const setup = new SetupRepository(records, clock, locks);
	const journal = new MigrationJournal(records);
	const gate = new TurnGate();
	const knowledge = new KnowledgeClient({ spawn: () => parts.spawn('knowledge'), sleep });
	const libraryHost = host<LibraryService>('library');
	const library = new LibraryClient({
		host: {
			api: () => hosts.known.then(() => libraryHost.api()),
			terminate: (reason) => libraryHost.terminate(reason)
		},
		catalog,
		baseUrl: parts.baseUrl,
		persist: () => blobs.persist()
	});
	announceLibraryChanges(library, feed, clock);
	const directory = new ModelDirectory({
		builtIn: parts.builtInModels,
		installed: async (model) => (await records.get(manifestStore, model))?.spec ?? null,
		served: async () => {
			const servers = await records.list(remoteServerStore);
			return (await Promise.all(servers.map(remoteModels))).flat();
		}
	});
	const { pool, answers, embedding, failures, safeMode } = createEngines({
		...{ platform: parts, setup, journal, directory },
		make: (kind) =>
			new EngineClient({
				info: engineInfo(kind),
				spawn: () => host<EngineService>('engine'),
				sleep
			}),
		reportFailedStart: () => controller.reportFailedStart(),
		onAdapterNoted: () =>
			adapters()
				.then(({ keeper }) => keeper.bringInLine())
				.then(() => feed.announce('adapters'))
	});
	const specOf = (choice: EngineChoice): Promise<ModelSpec> => directory.spec(choice);
	const maintainer = new IndexMaintainer({
		...{ knowledge, clock },
		whenIdle: (signal) => gate.whenIdle(signal),
		liveIndexes: () => liveIndexes({ setup, journal, spec: specOf }),
		embedder: (live, signal) => embedderFor({ embedding, pool }, live, signal)
	});
	const steps = async () => {
		const { createSteps } = await import('../migration/create-steps.ts');
		const { backedUpStores } = await import('./backed-up-stores.ts');
		return createSteps({
			records,
			clock,
			setup,
			bench: pool,
			workshop: knowledge,
			supply: library,
			room: library,
			adapters: (await adapters()).shelf,
			questions: new PastQuestions(records),
			passages: { passagesFor: (question, signal) => search.passagesFor(question, signal) },
			...{ conditions: parts.conditions, connectivity: parts.connectivity },
			whenIdle: (signal) => gate.whenIdle(signal),
			busy: () => gate.busy,
			configStores: backedUpStores.map(({ store }) => store),
			custom: migrationSteps
		});
	};
	const controller: MigrationController = new MigrationController({
		journal,
		setup,
		steps,
		workshop: knowledge,
		clock,
		locks
	});
	const search: DocumentSearch = new DocumentSearch({
		knowledge,
		embedQuery: (text, signal) => embedding.embedQuery(text, signal),
		indexInUse: async () => (await setup.read())?.current.index ?? null
	});
	const meter = loadedOnce(async () => {
		const { EngineMeter } = await import('./engine-meter.ts');
		const busy = () => isWorking(controller.view);
		return new EngineMeter({ ...{ bench: pool, records, clock }, busy });
	});
	const adapters = loadedOnce(async () => {
		const { adapterWork } = await import('./adapter-work.ts');
		return adapterWork({ platform: parts, setup, journal, directory, bench: pool });
	});
	const desk = loadedOnce(async () => {
		const { upgradeDeskOf } = await import('./upgrade-desk-of.ts');
		return upgradeDeskOf({
			...{ setup, journal, library, knowledge, records, gpu, clock, conversations },
			...{ bench: pool, room: library, passages: search, meter: await meter() },
			adapterShelf: async () => (await adapters()).shelf,
			adapterOutlooks: async (current, chat) => (await adapters()).outlooks(current, chat)
		});
	});
	const schedule = new Schedule({
		...{ records, clock, conditions: parts.conditions },
		start: (plan, alongside) => controller.start(plan, alongside),
		replan: async (wish, options, signal) =>
			(await (await desk()).plan(wish, options, signal)).result,
		onChange: () => feed.announce('schedule')
	});
	const hosts: LibraryHosts = new LibraryHosts({
		library,
		allowOrigins: (origins) => parts.installation.allowOrigins(origins),
		leads: () => leadership.role === 'leading'
	});
	const probeHost = () => host<ServerProbe>('server');
	const serverAccess = new ServerAccess({
		records,
		allowServers: (origins) => parts.installation.allowServers(origins)
	});
	const conversations = new ConversationStore({ records, clock });
	return {
		...{ parts, feed, leadership, setup, journal, gate, knowledge, library, directory },
		...{ pool, answers, embedding, failures, safeMode, maintainer, search, controller, desk },
		...{ conversations, adapters, meter, hosts, probeHost, schedule, serverAccess, live, version }
	};
}

/** A trial only waits. */
function isWorking(view: MigrationView | null): boolean {
	return view !== null && view.phase !== 'trial' && view.phase !== 'done';
}
