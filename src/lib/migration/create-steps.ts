import type { Clock } from '../ports/clock.ts';
import type { Connectivity } from '../ports/connectivity.ts';
import type { DeviceConditions } from '../ports/device-conditions.ts';
import type { RecordStore } from '../ports/record-store.ts';
import type { ConfigStore } from './config-store.ts';
import type { StepDefinition } from './define-migration-step.ts';
import type {
	AdapterShelf,
	EngineBench,
	IndexWorkshop,
	ModelSupply,
	PassageFinder,
	QuestionLog,
	Room
} from './migration-ports.ts';
import type { SetupRepository } from './setup-repository.ts';
import type { StepRegistry } from './step-registry.ts';
import { buildIndexStep } from './steps/build-index-step.ts';
import { canaryStep } from './steps/canary-step.ts';
import { checkAdaptersStep } from './steps/check-adapters-step.ts';
import { compareAnswersStep } from './steps/compare-answers-step.ts';
import { compareStep } from './steps/compare-step.ts';
import { customStep } from './steps/custom-step.ts';
import { downloadStep } from './steps/download-step.ts';
import { preflightStep } from './steps/preflight-step.ts';
import { snapshotStep } from './steps/snapshot-step.ts';
import { switchStep } from './steps/switch-step.ts';

export interface StepDeps {
	readonly records: RecordStore;
	readonly clock: Clock;
	readonly setup: SetupRepository;
	readonly bench: EngineBench;
	readonly workshop: IndexWorkshop;
	readonly supply: ModelSupply;
	readonly adapters: AdapterShelf;
	readonly room: Room;
	readonly questions: QuestionLog;
	readonly passages: PassageFinder;
	/** Asked before work that may wait. Where nothing is told of the device, none waits. */
	readonly conditions?: DeviceConditions;
	readonly connectivity?: Connectivity;
	/** Resolves when the user's own questions are answered: embedding waits for that between batches. */
	readonly whenIdle: (signal: AbortSignal) => Promise<void>;
	/** True while it would wait. */
	readonly busy?: () => boolean;
	/** What the backup before an upgrade keeps besides the setup. */
	readonly configStores?: readonly ConfigStore[];
	/** Steps that are not SAM's own. */
	readonly custom?: readonly StepDefinition[];
}

/** All steps, over the real parts or over fakes. */
export function createSteps(deps: StepDeps): StepRegistry {
	return {
		preflight: preflightStep(deps),
		snapshot: snapshotStep(deps),
		download: downloadStep(deps),
		canary: canaryStep(deps),
		'build-index': buildIndexStep(deps),
		compare: compareStep(deps),
		'compare-answers': compareAnswersStep(deps),
		'check-adapters': checkAdaptersStep(deps),
		switch: switchStep(deps),
		custom: customStep(deps.custom ?? [])
	};
}
