import type { ErrorCode } from '../core/error-code.ts';
import { AppError } from '../core/errors.ts';
import type { ModelSpec } from '../core/model-spec.ts';
import type { BaseModelEngine } from '../engines/base-model-engine.ts';
import type { EngineStatus } from '../engines/engine-status.ts';
import { noFiles } from '../engines/no-files.ts';
import type { BenchEngine, EngineBench } from '../migration/migration-ports.ts';

export type EngineRole = 'chat' | 'embedding';

interface Slot {
	readonly key: string;
	readonly engine: BaseModelEngine;
	/** Aborted when the slot's engine is wanted no more, also in the middle of its load. */
	readonly life: AbortController;
	ready: Promise<void>;
	loaded: boolean;
}

interface Parts {
	/** A fresh engine of that kind in a worker of its own. */
	readonly make: (kind: string) => BaseModelEngine;
	/** Before and after each load of an engine that is in use. When one rejects, the load fails with that. */
	readonly onStart?: (role: EngineRole) => Promise<void>;
	readonly onStarted?: (role: EngineRole) => Promise<void>;
}

/**
 * The engines in use, one worker each: loaded when first asked for, replaced when the setup names another, started
 * anew after a failure. Also opens engines beside them for an upgrade.
 */
export class EnginePool implements EngineBench {
	readonly #parts: Parts;
	readonly #slots = new Map<EngineRole, Slot>();
	readonly #listeners = new Set<(role: EngineRole, status: EngineStatus) => void>();

	constructor(parts: Parts) {
		this.#parts = parts;
	}

	/**
	 * The engine of that role, loaded with that model. Errors: those of `ModelEngine.load`; `cancelled` when another
	 * model was asked for in this role, or the pool was closed, before it was loaded.
	 */
	async use(role: EngineRole, spec: ModelSpec): Promise<BaseModelEngine> {
		const key = `${spec.engine}/${spec.id}@${spec.revision}`;
		let slot = this.#slots.get(role);
		if (slot?.key !== key || isSpent(slot)) {
			const old = slot;
			slot = this.#start(role, key, spec);
			if (old) void end(old);
		}
		await slot.ready;
		return slot.engine;
	}

	status(role: EngineRole): EngineStatus {
		return this.#slots.get(role)?.engine.status ?? 'unloaded';
	}

	/** Hears of the engines in use alone, not of those that have been replaced. Returns the function that stops it. */
	onStatus(listener: (role: EngineRole, status: EngineStatus) => void): () => void {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}

	/** An engine beside those in use. The caller closes it. */
	async open(spec: ModelSpec, signal: AbortSignal): Promise<BenchEngine> {
		const engine = this.#parts.make(spec.engine);
		try {
			await loadSomewhere(engine, spec, signal);
		} catch (error) {
			await engine.unload();
			throw error;
		}
		return {
			dims: engine.capabilities.embeddingDims,
			device: engine.capabilities.device,
			embed: (texts, purpose, abort) => engine.embed(texts, { purpose, signal: abort }),
			generate: (request, abort) => engine.generate(request, { signal: abort }),
			close: () => engine.unload()
		};
	}

	/** Ends every engine in use and gives its memory back. They start again when asked for. */
	async closeAll(): Promise<void> {
		const slots = [...this.#slots];
		this.#slots.clear();
		for (const [role] of slots) this.#tell(role, 'unloaded');
		await Promise.all(slots.map(([, slot]) => end(slot)));
	}

	#start(role: EngineRole, key: string, spec: ModelSpec): Slot {
		const engine = this.#parts.make(spec.engine);
		const life = new AbortController();
		const slot: Slot = { key, engine, life, ready: Promise.resolve(), loaded: false };
		this.#slots.set(role, slot);
		engine.onStatus((status) => {
			if (this.#slots.get(role) === slot) this.#tell(role, status);
		});
		slot.ready = this.#load(role, slot, spec);
		return slot;
	}

	async #load(role: EngineRole, slot: Slot, spec: ModelSpec): Promise<void> {
		try {
			// Counted before the load: a tab that dies while loading must count as well.
			await this.#parts.onStart?.(role);
			await loadSomewhere(slot.engine, spec, slot.life.signal);
			await this.#parts.onStarted?.(role);
			slot.loaded = true;
		} catch (error) {
			if (this.#slots.get(role) === slot) this.#slots.delete(role);
			void end(slot);
			throw error;
		}
	}

	#tell(role: EngineRole, status: EngineStatus): void {
		for (const listener of this.#listeners) listener(role, status);
	}
}

/** Of no further use: it failed, was lost or was unloaded after its load. */
function isSpent({ loaded, engine }: Slot): boolean {
	return loaded && engine.status !== 'ready' && engine.status !== 'busy';
}

async function end({ life, engine }: Slot): Promise<void> {
	life.abort();
	await engine.unload();
}

/** Where the graphics device fails, the processor still computes: a second attempt, in a fresh worker. */
async function loadSomewhere(
	engine: BaseModelEngine,
	spec: ModelSpec,
	signal: AbortSignal
): Promise<void> {
	try {
		await engine.load({ spec, files: noFiles, device: 'auto' }, { signal });
	} catch (error) {
		if (!(error instanceof AppError) || !worthAnotherDevice.has(error.code)) throw error;
		await engine.unload();
		await engine.load({ spec, files: noFiles, device: 'wasm' }, { signal });
	}
}

const worthAnotherDevice: ReadonlySet<ErrorCode> = new Set([
	'engine/load-failed',
	'engine/device-lost',
	'engine/out-of-memory',
	'wire/worker-died'
]);
