import type { EngineDevice } from '../core/engine-device.ts';
import type { ModelSpec } from '../core/model-spec.ts';
import type { BaseModelEngine } from '../engines/base-model-engine.ts';
import { engineInfo, engineKinds } from '../engines/engine-infos.ts';
import { placeOf } from '../engines/fit-needs.ts';
import type { MigrationController } from '../migration/migration-controller.ts';
import type { MigrationJournal } from '../migration/journal.ts';
import type { SetupRepository } from '../migration/setup-repository.ts';
import { AnswerEngines } from './answer-engines.ts';
import { EmbeddingInUse } from './embedding-in-use.ts';
import { EngineFailures } from './engine-failures.ts';
import { crewSize } from './engine-crew.ts';
import { EnginePool } from './engine-pool.ts';
import { engineBudget } from './engine-room.ts';
import type { EngineRunParts } from './engine-run.ts';
import { LoadMarks } from './load-marks.ts';
import { loadNotes } from './load-notes.ts';
import type { ModelDirectory } from './model-directory.ts';
import type { PlatformParts } from './platform-parts.ts';
import { SafeMode } from './safe-mode.ts';
import { TrialStarts } from './trial-starts.ts';

interface Parts {
	readonly platform: Pick<
		PlatformParts,
		'clock' | 'gpu' | 'builtInModels' | 'records' | 'sessions'
	>;
	readonly setup: SetupRepository;
	readonly journal: MigrationJournal;
	readonly directory: ModelDirectory;
	/** A fresh engine of that kind, in a worker of its own. */
	readonly make: (kind: string) => BaseModelEngine;
	readonly reportFailedStart: MigrationController['reportFailedStart'];
	/** After it has been noted that a model does not work with an adapter that is on. */
	readonly onAdapterNoted: () => Promise<unknown>;
}

/** The engines in use: how they are loaded, counted, and replaced when they fail. */
export function createEngines({ platform, setup, journal, directory, ...parts }: Parts) {
	const pool = new EnginePool({
		make: parts.make,
		memoryBudget: async () => engineBudget((await platform.gpu.probe()).memoryGb),
		crewSize: async (spec) => {
			const { wasmThreads, memoryGb } = await platform.gpu.probe();
			return isRemote(spec.engine) ? 1 : crewSize(spec, wasmThreads, engineBudget(memoryGb));
		}
	});
	const failures = new EngineFailures(platform.clock);
	const marks = new LoadMarks(platform);
	const safeMode = new SafeMode({ marks, setup });
	const { reportFailedStart } = parts;
	const starts = new TrialStarts({ setup, safeMode, reportFailedStart });
	const run: EngineRunParts = {
		...{ pool, failures, starts, safeMode },
		spec: (choice) => directory.spec(choice),
		notes: (role, choice, spec) => loadNotes({ starts, marks }, role, choice, spec),
		placeOf: async (spec) => placeOn(spec, platform),
		usableAdapters: async (adapters, chat) => {
			const { withoutFailedAdapters } = await import('../migration/without-failed-adapters.ts');
			return (await withoutFailedAdapters(platform.records, { chat, adapters })).adapters;
		},
		onAdaptersFailed: (charge, spec) => {
			import('./adapter-notes.ts')
				.then(({ noteAdaptersFailed }) => noteAdaptersFailed(platform, charge, spec))
				.then(parts.onAdapterNoted)
				// The answer is there all the same; what could not be noted is found out again.
				.catch(() => undefined);
		}
	};
	const answers = new AnswerEngines({
		...{ ...run, setup, journal, isRemote },
		nameAdapters: async (uses) =>
			(await import('./adapter-notes.ts')).nameAdapters(platform.records, uses),
		builtIn: platform.builtInModels
	});
	const embedding = new EmbeddingInUse({ ...run, setup });
	return { pool, failures, safeMode, answers, embedding };
}

async function placeOn(
	spec: ModelSpec,
	{ gpu }: Pick<PlatformParts, 'gpu'>
): Promise<EngineDevice> {
	if (isRemote(spec.engine)) return 'remote';
	return placeOf(
		{
			...{ engine: spec.engine, tasks: spec.tasks, dtype: spec.dtype, needs: [] },
			...{ contextTokens: spec.contextTokens, parameters: null, bytes: null },
			largestFileBytes: null
		},
		await gpu.probe()
	);
}

function isRemote(kind: string): boolean {
	return engineKinds.includes(kind) && engineInfo(kind).remote === true;
}
