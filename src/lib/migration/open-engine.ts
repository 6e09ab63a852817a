import type { ModelSpec } from '../core/model-spec.ts';
import type { AdapterUse } from '../core/setup.ts';
import type { BenchEngine, EngineBench } from './migration-ports.ts';

/** Opens an engine for an upgrade. Where there is no room beside the engines in use, they rest first. */
export async function openEngine(
	bench: EngineBench,
	spec: ModelSpec,
	signal: AbortSignal,
	adapters: readonly AdapterUse[] = []
): Promise<BenchEngine> {
	if ((await bench.room(spec)) === 'in-turn') await bench.rest();
	return bench.open(spec, signal, adapters);
}
