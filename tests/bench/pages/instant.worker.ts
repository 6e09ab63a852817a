import { BaseModelEngine, type GenerateDelta } from '../../../src/lib/engines/base-model-engine.ts';
import { defineEngine } from '../../../src/lib/engines/define-engine.ts';
import type { EngineCapabilities } from '../../../src/lib/engines/engine-contract.ts';
import { EngineRegistry } from '../../../src/lib/engines/engine-registry.ts';
import { EngineService } from '../../../src/lib/engines/engine-service.ts';
import type { GenerateOutcome } from '../../../src/lib/engines/generation-meter.ts';
import { noFiles } from '../../../src/lib/engines/no-files.ts';
import type { GenerateRequest } from '../../../src/lib/core/generation.ts';
import { exposeService } from '../../../src/lib/wire/expose-service.ts';
import { ownTask } from './own-task.ts';

const info = { kind: 'instant', name: 'Instant', extractive: false };

/** Has every answer ready. Asked for `tasks`, it gives each token in a task of its own. */
class InstantEngine extends BaseModelEngine {
	override readonly info = info;

	protected override doLoad(): Promise<EngineCapabilities> {
		return Promise.resolve({
			tasks: ['generate'],
			contextTokens: 100_000,
			embeddingDims: null,
			device: 'cpu'
		});
	}

	protected override async *doGenerate(
		request: GenerateRequest
	): AsyncGenerator<GenerateDelta, GenerateOutcome> {
		for (let token = 0; token < request.maxTokens; token++) {
			if (request.question === 'tasks') await ownTask();
			yield { type: 'text-delta', text: ' word' };
		}
		return { reason: 'length' };
	}

	protected override doEmbed(): Promise<Float32Array[]> {
		return Promise.resolve([]);
	}

	protected override doUnload(): Promise<void> {
		return Promise.resolve();
	}
}

void exposeService(
	new EngineService({
		registry: new EngineRegistry([
			defineEngine({ info, make: () => Promise.resolve(new InstantEngine()) })
		]),
		openModel: () => Promise.resolve(noFiles)
	})
);
