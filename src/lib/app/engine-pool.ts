import { throwIfAborted } from '../core/abort.ts';
import { toAppError } from '../core/errors.ts';
import type { ModelSpec } from '../core/model-spec.ts';
import { untilAborted } from '../core/until-aborted.ts';
import type { AdapterUse } from '../core/setup.ts';
import type { BaseModelEngine } from '../engines/base-model-engine.ts';
import type { DevicePreference, LoadRequest } from '../engines/engine-contract.ts';
import type { EngineStatus } from '../engines/engine-status.ts';
import { noFiles } from '../engines/no-files.ts';
import type { BenchEngine, EngineBench } from '../migration/migration-ports.ts';
import { adaptersKey } from './adapters-key.ts';
import { embedWith } from './embed-with.ts';
import { EngineCrew } from './engine-crew.ts';
import { engineRoom } from './engine-room.ts';
import { runsOnProcessor } from './runs-on-processor.ts';
import { waysOn } from './ways-on.ts';

export type EngineRole = 'chat' | 'embedding';

/** What is noted around a load. When `begin` or `loaded` rejects, the load fails with that. */
export interface LoadNotes {
	/** Resolves before the load begins, with those adapters. */
	begin(adapters: readonly AdapterUse[]): Promise<void>;
	/** It went well. */
	loaded(): Promise<void>;
	/** It did not: it failed with that, or was given up (`cancelled`). Never rejects. */
	failed(error: unknown): Promise<void>;
}

export interface UseOptions {
	/** Default `auto`. */
	readonly device?: DevicePreference;
	/** To load it with, in any order. Default: none. */
	readonly adapters?: readonly AdapterUse[];
	/** Whoever asked wants it no more. A load for which nobody waits any longer is given up. */
	readonly signal?: AbortSignal;
	/** Of the load, where one is needed. */
	readonly notes?: LoadNotes;
}

interface StartOptions extends UseOptions {
	/** Settles when the one before has made room. Never rejects. */
	readonly after: Promise<void>;
}

type OpenOptions = Partial<Pick<LoadRequest, 'threads' | 'adapters' | 'device'>>;

interface Slot {
	readonly key: string;
	readonly engine: BaseModelEngine;
	/** Aborted when the slot's engine is wanted no more, also in the middle of its load. */
	readonly life: AbortController;
	ready: Promise<void>;
	loaded: boolean;
	/** How many wait for it to be loaded. */
	waiting: number;
}

interface Parts {
	/** A fresh engine of that kind in a worker of its own. */
	readonly make: (kind: string) => BaseModelEngine;
	/** What all engines together may take, in bytes; null where it is not known. Default: not known. */
	readonly memoryBudget?: () => Promise<number | null>;
	/** How many engines are to embed passages with that model, on one thread each. Default: one, on its own threads. */
	readonly crewSize?: (spec: ModelSpec) => Promise<number>;
}

/**
 * The engines in use, one worker each: loaded when first asked for, replaced when another one is asked for in the same
 * role, so that no two chat engines take memory at a time. One that is in the middle of a call ends it first, and the
 * next one is loaded then. One attempt is one worker: a failed one is ended at once. Also
 * opens engines beside them for an upgrade.
 */
export class EnginePool implements EngineBench {
	readonly #parts: Parts;
	readonly #slots = new Map<EngineRole, Slot>();
	/** Replaced in the middle of a call: they end with it. */
	readonly #leaving = new Set<Slot>();
	/** What was in use last in each role, and comes back when it is asked for. */
	readonly #specs = new Map<EngineRole, ModelSpec>();
	readonly #listeners = new Set<(role: EngineRole, status: EngineStatus) => void>();

	constructor(parts: Parts) {
		this.#parts = parts;
	}

	/**
	 * The engine of that role, loaded with that model and those adapters on that device. Errors: those of
	 * `ModelEngine.load`; `cancelled` when the signal was aborted, something else was asked for in this role, or the pool
	 * was closed before it was loaded.
	 */
	async use(role: EngineRole, spec: ModelSpec, options: UseOptions = {}): Promise<BaseModelEngine> {
		throwIfAborted(options.signal);
		const key = keyOf(spec, options);
		let slot = this.#slots.get(role);
		if (slot?.key !== key || isSpent(slot)) {
			const old = slot;
			const after = old ? untilIdle(old) : Promise.resolve();
			slot = this.#start(role, key, spec, { ...options, after });
			if (old) void this.#replace(old, after);
		}
		slot.waiting++;
		try {
			await (options.signal ? untilAborted(slot.ready, options.signal) : slot.ready);
		} finally {
			slot.waiting--;
			if (slot.waiting === 0 && !slot.loaded) this.#giveUp(role, slot);
		}
		return slot.engine;
	}

	/** Ends that engine where it is in use: whoever asks next gets a fresh one. */
	retire(role: EngineRole, engine: BaseModelEngine): void {
		const slot = this.#slots.get(role);
		if (slot?.engine !== engine) return;
		this.#slots.delete(role);
		void end(slot);
	}

	status(role: EngineRole): EngineStatus {
		return this.#slots.get(role)?.engine.status ?? 'unloaded';
	}

	/** Hears of the engines in use alone, not of those that have been replaced. Returns the function that stops it. */
	onStatus(listener: (role: EngineRole, status: EngineStatus) => void): () => void {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}

	/** By what they take, and by what the device has. */
	async room(spec: ModelSpec): Promise<'beside' | 'in-turn'> {
		const budget = (await this.#parts.memoryBudget?.()) ?? null;
		return engineRoom([...this.#specs.values()], spec, budget);
	}

	/** What they are in the middle of, they finish. */
	async rest(): Promise<void> {
		await Promise.all([...this.#slots.values()].map(untilIdle));
		await this.closeAll();
	}

	/** An engine beside those in use, on that device. The caller closes it. */
	open(
		spec: ModelSpec,
		signal: AbortSignal,
		adapters: readonly AdapterUse[] = [],
		device: DevicePreference = 'auto'
	): Promise<BenchEngine> {
		return this.#open(spec, signal, { adapters, device });
	}

	/** Several that embed as one, where the processor computes. The caller closes them. */
	async openForMany(spec: ModelSpec, signal: AbortSignal): Promise<BenchEngine> {
		const size = spec.embedding ? ((await this.#parts.crewSize?.(spec)) ?? 1) : 1;
		if (size === 1) return this.#open(spec, signal);
		const lead = await this.#open(spec, signal, { threads: 1 });
		if (lead.device !== 'wasm') return lead;
		return new EngineCrew({ lead, size, open: (abort) => this.#open(spec, abort, { threads: 1 }) });
	}

	/** Ends every engine in use and gives its memory back. They start again when asked for. */
	async closeAll(): Promise<void> {
		const slots = [...this.#slots];
		this.#slots.clear();
		for (const [role] of slots) this.#tell(role, 'unloaded');
		await Promise.all([...slots.map(([, slot]) => slot), ...this.#leaving].map(end));
		// What is noted around a load is written by then.
		await Promise.allSettled(slots.map(([, { ready }]) => ready));
	}

	/** What it is in the middle of, it finishes. Otherwise it ends at once, before the new one takes its memory. */
	async #replace(old: Slot, idle: Promise<void>): Promise<void> {
		if (old.engine.status === 'busy') {
			this.#leaving.add(old);
			await idle;
			this.#leaving.delete(old);
		}
		await end(old);
	}

	async #open(
		spec: ModelSpec,
		signal: AbortSignal,
		options: OpenOptions = {}
	): Promise<BenchEngine> {
		const engine = this.#parts.make(spec.engine);
		try {
			await loadSomewhere(engine, { spec, ...options }, signal);
		} catch (error) {
			await engine.unload();
			throw error;
		}
		const { embeddingDims: dims, device, adapters } = engine.capabilities;
		return {
			...{ dims, device },
			...(adapters && { adapters }),
			embed: embedWith(engine),
			generate: (request, abort) => engine.generate(request, { signal: abort }),
			close: () => engine.unload()
		};
	}

	#start(role: EngineRole, key: string, spec: ModelSpec, options: StartOptions): Slot {
		const engine = this.#parts.make(spec.engine);
		const life = new AbortController();
		const slot: Slot = { key, engine, life, ready: Promise.resolve(), loaded: false, waiting: 0 };
		this.#slots.set(role, slot);
		this.#specs.set(role, spec);
		engine.onStatus((status) => {
			if (this.#slots.get(role) === slot) this.#tell(role, status);
		});
		slot.ready = this.#load(role, slot, spec, options);
		return slot;
	}

	async #load(
		role: EngineRole,
		slot: Slot,
		spec: ModelSpec,
		{ device = 'auto', adapters = [], notes, after }: StartOptions
	): Promise<void> {
		const { engine, life } = slot;
		try {
			await untilAborted(after, life.signal);
			await notes?.begin(adapters);
			await engine.load({ spec, files: noFiles, device, adapters }, { signal: life.signal });
			await notes?.loaded();
			// What was noted took time too: another engine may have taken its place.
			throwIfAborted(life.signal);
			slot.loaded = true;
		} catch (error) {
			if (this.#slots.get(role) === slot) this.#slots.delete(role);
			void end(slot);
			await notes?.failed(error);
			throw error;
		}
	}

	#giveUp(role: EngineRole, slot: Slot): void {
		if (this.#slots.get(role) !== slot) return;
		this.#slots.delete(role);
		this.#tell(role, 'unloaded');
		void end(slot);
	}

	#tell(role: EngineRole, status: EngineStatus): void {
		for (const listener of this.#listeners) listener(role, status);
	}
}

/** What makes one load another: equal keys, equal answers. */
function keyOf(spec: ModelSpec, { device = 'auto', adapters = [] }: UseOptions): string {
	return `${spec.engine}/${spec.id}@${spec.revision} ${device} ${adaptersKey(adapters)}`;
}

/** Of no further use: it failed, was lost or was unloaded after its load. */
function isSpent({ loaded, engine }: Slot): boolean {
	return loaded && engine.status !== 'ready' && engine.status !== 'busy';
}

/** Resolves when it has no call under way, or is wanted no more at all. */
function untilIdle({ engine, life }: Slot): Promise<void> {
	if (engine.status !== 'busy') return Promise.resolve();
	return new Promise((resolve) => {
		const stop = engine.onStatus((status) => {
			if (status !== 'busy') go();
		});
		const go = (): void => {
			stop();
			resolve();
		};
		life.signal.addEventListener('abort', go, { once: true });
	});
}

async function end({ life, engine }: Slot): Promise<void> {
	life.abort();
	await engine.unload();
}

/** Where the graphics device fails, and no other was asked for, the processor may still compute: in a fresh worker. */
async function loadSomewhere(
	engine: BaseModelEngine,
	{ device = 'auto', ...what }: Pick<LoadRequest, 'spec'> & OpenOptions,
	signal: AbortSignal
): Promise<void> {
	try {
		await engine.load({ ...what, files: noFiles, device }, { signal });
	} catch (error) {
		const mayHelp = device === 'auto' && waysOn(toAppError(error).code).processor;
		if (!mayHelp || !runsOnProcessor(what.spec)) throw error;
		await engine.unload();
		await engine.load({ ...what, files: noFiles, device: 'wasm' }, { signal });
	}
}
