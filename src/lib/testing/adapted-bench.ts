import type { EngineDevice } from '../core/engine-device.ts';
import type { GenerateEvent, GenerateRequest } from '../core/generation.ts';
import type { ModelSpec } from '../core/model-spec.ts';
import type { AdapterUse } from '../core/setup.ts';
import type { DevicePreference } from '../engines/engine-contract.ts';
import type { BenchEngine, EngineBench } from '../migration/migration-ports.ts';

const usage = { promptTokens: 1, completionTokens: 1, firstTokenMs: 1, totalMs: 1 };

/**
 * Opens engines whose answers a test writes, and remembers what was done with them, in order. An engine is known by what
 * is `on`: the strengths of its adapters, or `base`.
 */
export class AdaptedBench implements EngineBench {
	readonly log: string[] = [];
	readonly requests: GenerateRequest[] = [];
	place: 'beside' | 'in-turn' = 'beside';
	/** May throw what the engine fails with. */
	answer: (prompt: string, on: string) => string = (prompt, on) => `${prompt} ${on}`;
	/** May throw what loading fails with. */
	onOpen: (on: string) => void = () => undefined;
	/** Where an engine computes that may choose. */
	device: (on: string) => EngineDevice = () => 'webgpu';

	/** What was opened, with the device that was asked for. */
	get opened(): string[] {
		return this.log.filter((line) => line.startsWith('open '));
	}

	room(): Promise<'beside' | 'in-turn'> {
		return Promise.resolve(this.place);
	}

	async rest(): Promise<void> {
		this.log.push('rest');
	}

	async open(
		_spec: ModelSpec,
		_signal: AbortSignal,
		adapters: readonly AdapterUse[] = [],
		device: DevicePreference = 'auto'
	): Promise<BenchEngine> {
		const on = adapters.map(({ strength }) => strength).join() || 'base';
		this.log.push(`open ${on}${device === 'auto' ? '' : ` ${device}`}`);
		this.onOpen(on);
		return {
			...{ dims: null, embed: () => Promise.resolve([]) },
			device: device === 'auto' ? this.device(on) : device,
			...(adapters.length > 0 && {
				adapters: adapters.map(({ adapter }) => ({ adapter, matched: 1, of: 2 }))
			}),
			generate: (request, signal) => this.#generate(request, signal, on),
			close: async () => void this.log.push(`close ${on}`)
		};
	}

	async *#generate(
		request: GenerateRequest,
		signal: AbortSignal,
		on: string
	): AsyncGenerator<GenerateEvent> {
		this.requests.push(request);
		yield { type: 'text-delta', text: this.answer(request.question, on) };
		yield { type: 'end', reason: signal.aborted ? 'cancelled' : 'stop', usage };
	}
}
