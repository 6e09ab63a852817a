import type { BaseModelEngine } from '../engines/base-model-engine.ts';
import { defineEngine } from '../engines/define-engine.ts';
import type { EngineInfo } from '../engines/engine-contract.ts';
import { EngineRegistry } from '../engines/engine-registry.ts';
import { EngineService } from '../engines/engine-service.ts';
import { noFiles } from '../engines/no-files.ts';

/** What runs in an engine's worker, for one kind of engine and models without files. */
export function engineServiceOf(info: EngineInfo, make: () => BaseModelEngine): EngineService {
	const registry = new EngineRegistry([
		defineEngine({ info, make: () => Promise.resolve(make()) })
	]);
	return new EngineService({ registry, openModel: () => Promise.resolve(noFiles) });
}
