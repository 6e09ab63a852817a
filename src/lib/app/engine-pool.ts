import type { ErrorCode } from '../core/error-code.ts';
import { AppError, hasCode } from '../core/errors.ts';
import type { ModelSpec } from '../core/model-spec.ts';
import type { BaseModelEngine } from '../engines/base-model-engine.ts';
import type { EngineStatus } from '../engines/engine-status.ts';
import { noFiles } from '../engines/no-files.ts';
import type { BenchEngine, EngineBench } from '../migration/migration-ports.ts';

export type EngineRole = 'chat' | 'embedding';

interface Slot {
	readonly key: string;
	readonly engine: BaseModelEngine;
	readonly ready: Promise<void>;
}

interface Parts {
	/** A fresh engine of that kind in a worker of its own. */
	readonly make: (kind: string) => BaseModelEngine;
	/** Before and after each load of an engine that is in use: the trial counts starts with it. */
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

	/** The engine of that role, loaded with that model. Errors: those of `ModelEngine.load`. */
	async use(role: EngineRole, spec: ModelSpec): Promise<BaseModelEngine> {
		const key = `${spec.engine}/${spec.id}@${spec.revision}`;
		let slot = this.#slots.get(role);
		const dead = slot && (slot.engine.status === 'failed' || slot.engine.status === 'lost');
		if (!slot || dead || slot.key !== key) {
			void slot?.engine.unload();
			slot = this.#start(role, key, spec);
			this.#slots.set(role, slot);
		}
		await slot.ready;
		return slot.engine;
	}

	status(role: EngineRole): EngineStatus {
		return this.#slots.get(role)?.engine.status ?? 'unloaded';
	}

	/** Returns the function that stops listening. */
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
			embed: (texts, purpose, abort) => engine.embed(texts, { purpose, signal: abort }),
			generate: (request, abort) => engine.generate(request, { signal: abort }),
			close: () => engine.unload()
		};
	}

	/** Ends every engine in use and gives its memory back. They start again when asked for. */
	async closeAll(): Promise<void> {
		const slots = [...this.#slots.values()];
		this.#slots.clear();
		await Promise.all(slots.map((slot) => slot.engine.unload()));
	}

	#start(role: EngineRole, key: string, spec: ModelSpec): Slot {
		const engine = this.#parts.make(spec.engine);
		engine.onStatus((status) => {
			for (const listener of this.#listeners) listener(role, status);
		});
		return { key, engine, ready: this.#load(role, engine, spec) };
	}

	async #load(role: EngineRole, engine: BaseModelEngine, spec: ModelSpec): Promise<void> {
		// Counted before the load: a tab that dies while loading must count as well.
		await this.#parts.onStart?.(role);
		try {
			await loadSomewhere(engine, spec, new AbortController().signal);
		} catch (error) {
			// Replaced by another choice while it was loading: no failure of this engine.
			if (!hasCode(error, 'cancelled')) this.#slots.delete(role);
			throw error;
		}
		await this.#parts.onStarted?.(role);
	}
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
