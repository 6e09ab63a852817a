import { throwIfAborted } from '../core/abort.ts';
import { hasCode } from '../core/errors.ts';
import type { ModelSpec } from '../core/model-spec.ts';
import type { AdapterUse } from '../core/setup.ts';
import type { DevicePreference } from '../engines/engine-contract.ts';
import type { BenchEngine, EngineBench } from './migration-ports.ts';

export interface RoomyBench {
	readonly bench: Pick<EngineBench, 'open' | 'room' | 'rest'>;
	/** Resolves when nobody is being answered. Absent: those in use finish what they are in the middle of. */
	readonly whenIdle?: (signal: AbortSignal) => Promise<void>;
}

export interface Opening {
	readonly spec: ModelSpec;
	/** Default: none. */
	readonly adapters?: readonly AdapterUse[];
	/** Default `auto`. */
	readonly device?: DevicePreference;
}

/**
 * An engine in a worker of its own. The engines in use rest first where it has no room beside them, or turns out to have
 * none. Errors: those of `EngineBench.open`.
 */
export async function openWithRoom(
	{ bench, whenIdle }: RoomyBench,
	{ spec, adapters = [], device = 'auto' }: Opening,
	signal: AbortSignal
): Promise<BenchEngine> {
	const rest = async (): Promise<void> => {
		await whenIdle?.(signal);
		await bench.rest();
	};
	const inTurn = (await bench.room(spec)) === 'in-turn';
	if (inTurn) await rest();
	throwIfAborted(signal);
	try {
		return await bench.open(spec, signal, adapters, device);
	} catch (error) {
		if (inTurn || !hasCode(error, 'engine/out-of-memory')) throw error;
		await rest();
		return bench.open(spec, signal, adapters, device);
	}
}
