import { AdapterStore } from '../adapters/adapter-store.ts';
import type { AdapterRow } from '../adapters/adapter-records.ts';
import type { AdapterVerdict } from '../adapters/adapter-verdict.ts';
import type { AdapterId, ModelId } from '../core/ids.ts';
import type { BaseIdentity } from '../adapters/base-identity.ts';
import type { ModelSpec } from '../core/model-spec.ts';
import type { Setup } from '../core/setup.ts';
import { ModelStore } from '../library/store/model-store.ts';
import type { MigrationJournal } from '../migration/journal.ts';
import type { AdapterShelf, EngineBench } from '../migration/migration-ports.ts';
import type { MigrationPlan } from '../migration/plan.ts';
import type { SetupRepository } from '../migration/setup-repository.ts';
import type { AdapterOutlook } from '../migration/upgrade-request.ts';
import { activeSetup } from './active-setup.ts';
import { adapterFilesKept } from './adapter-files-kept.ts';
import { AdapterKeeper } from './adapter-keeper.ts';
import { adapterOutlooks } from './adapter-outlook.ts';
import { adapterShelf } from './adapter-shelf.ts';
import { AdapterTester } from './adapter-tester.ts';
import { adapterUsers } from './adapter-users.ts';
import { AdapterVerdicts } from './adapter-verdicts.ts';
import type { ModelDirectory } from './model-directory.ts';
import { ModelIdentities } from './model-identities.ts';
import type { PlatformParts } from './platform-parts.ts';

interface Parts {
	readonly platform: Pick<PlatformParts, 'records' | 'blobs' | 'clock' | 'hashers' | 'locks'>;
	readonly setup: SetupRepository;
	readonly journal: MigrationJournal;
	readonly directory: Pick<ModelDirectory, 'spec'>;
	readonly bench: EngineBench;
}

/** All that the app does with stored adapters, over the same store. */
export interface AdapterWork {
	readonly store: AdapterStore;
	readonly keeper: AdapterKeeper;
	/** As upgrades use them. */
	readonly shelf: AdapterShelf;
	/** How those that are on or wanted stand to another chat engine. */
	readonly outlooks: (current: Setup, chat: ModelSpec) => Promise<AdapterOutlook[]>;
	readonly identityOf: (model: ModelId) => Promise<BaseIdentity | null>;
	readonly verdictOf: (row: AdapterRow, spec: ModelSpec) => Promise<AdapterVerdict>;
	/** What needs that adapter now, in words; empty where it may be removed. */
	readonly usersOf: (adapter: AdapterId) => Promise<string[]>;
	/** Removes it; the files that a backup names stay. Whether it is needed was asked before. */
	readonly remove: (adapter: AdapterId) => Promise<void>;
	/** Deletes the files that neither an adapter nor a backup names. Resolves with the bytes given back. */
	readonly collectParts: () => Promise<number>;
}

/** Of the running app. Not part of the first page. */
export async function adapterWork(parts: Parts): Promise<AdapterWork> {
	const { platform, setup, journal, directory, bench } = parts;
	const { records, clock, locks } = platform;
	const store = new AdapterStore({ records, clock, hashers: await platform.hashers(), locks });
	const identities = new ModelIdentities(new ModelStore(platform));
	const identityOf = (model: ModelId): Promise<BaseIdentity | null> => identities.of(model);
	const verdicts = new AdapterVerdicts({ records, identityOf });
	const verdictOf: AdapterWork['verdictOf'] = (row, spec) => verdicts.of(row, spec);
	const tester = new AdapterTester({ bench, records, clock });
	const spec = directory.spec.bind(directory);
	return {
		store,
		keeper: new AdapterKeeper({ records, setup, journal, spec, verdictOf }),
		shelf: adapterShelf({ store, tester }),
		outlooks: (current, chat) => adapterOutlooks({ records, verdictOf }, current, chat),
		identityOf,
		verdictOf,
		usersOf: async (adapter) =>
			adapterUsers(await activeSetup(setup), adapter, await planUnderWay(journal)),
		remove: (adapter) => store.remove(adapter, () => adapterFilesKept(records)),
		collectParts: () => store.collectParts(() => adapterFilesKept(records))
	};
}

async function planUnderWay(journal: MigrationJournal): Promise<MigrationPlan | null> {
	const id = await journal.unfinished();
	const [first] = id === null ? [] : await journal.read(id);
	return first?.type === 'planned' ? first.plan : null;
}
