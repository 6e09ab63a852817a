import { throwIfAborted } from '../core/abort.ts';
import type { EngineDevice } from '../core/engine-device.ts';
import { AppError, toAppError } from '../core/errors.ts';
import type { ModelSpec } from '../core/model-spec.ts';
import type { AdapterUse, EngineChoice } from '../core/setup.ts';
import type { BaseModelEngine } from '../engines/base-model-engine.ts';
import { AdapterCharges, type Charge, type Proof } from './adapter-charges.ts';
import type { EngineFailures } from './engine-failures.ts';
import type { EnginePool, EngineRole, LoadNotes } from './engine-pool.ts';
import type { MishapLog } from './mishap-log.ts';
import { nextTry, type EngineTry } from './next-try.ts';
import { runsOnProcessor } from './runs-on-processor.ts';
import type { SafeMode } from './safe-mode.ts';
import type { TrialStarts } from './trial-starts.ts';
import { waysOn } from './ways-on.ts';

export interface EngineRunParts {
	readonly pool: Pick<EnginePool, 'use' | 'retire'>;
	readonly spec: (choice: EngineChoice) => Promise<ModelSpec>;
	readonly failures: EngineFailures;
	readonly starts: Pick<TrialStarts, 'begin' | 'concerns' | 'failed'>;
	readonly safeMode: Pick<SafeMode, 'blocks' | 'withheldAdapters' | 'releaseAdapters'>;
	/** For all loads of one run together. */
	readonly notes: (role: EngineRole, choice: EngineChoice, spec: ModelSpec) => LoadNotes;
	/** Where that model is computed on this device when it may choose. */
	readonly placeOf: (spec: ModelSpec) => Promise<EngineDevice>;
	/** Those that are not known to fail with that engine: an upgrade may keep the setup from losing them at once. */
	readonly usableAdapters: (
		uses: readonly AdapterUse[],
		choice: EngineChoice
	) => Promise<readonly AdapterUse[]>;
	/** Hears of adapters that the model failed with, and works without. */
	readonly onAdaptersFailed: (failed: Charge, spec: ModelSpec) => void;
}

/**
 * One engine in one role, for one question: loads it, and starts it anew after a failure for as long as that may help.
 * What it does about a failure is in the log; it never tries the same thing a third time. Adapters never cost the user
 * the engine: what fails with them is tried without.
 */
export class EngineRun {
	readonly role: EngineRole;
	readonly choice: EngineChoice;
	readonly #parts: EngineRunParts;
	readonly #mishaps: MishapLog;
	#adapters: AdapterCharges;
	#notes: LoadNotes | null = null;
	#spec: ModelSpec | null = null;
	#try: EngineTry = { device: 'auto', how: 'first' };
	/** The last one that was loaded, and where it computed. */
	#engine: BaseModelEngine | null = null;
	#place: EngineDevice | null = null;

	constructor(
		parts: EngineRunParts,
		role: EngineRole,
		choice: EngineChoice,
		mishaps: MishapLog,
		adapters: readonly AdapterUse[] = []
	) {
		this.#parts = parts;
		this.role = role;
		this.choice = choice;
		this.#mishaps = mishaps;
		this.#adapters = new AdapterCharges(adapters);
	}

	/** With which the engine is loaded, or is being loaded. */
	get adapters(): readonly AdapterUse[] {
		return this.#adapters.on;
	}

	/**
	 * `stillWanted` is asked last before it takes the place of the engine in use: an old wish whose preparations took long
	 * must not push out what a newer setup has brought. Errors: why it does not load, when nothing helps or it failed in
	 * every way a moment ago; `engine/safe-mode` when a tab died of it; `cancelled`, also where it is wanted no more.
	 */
	async open(
		signal: AbortSignal,
		stillWanted: () => Promise<boolean> = () => Promise.resolve(true)
	): Promise<BaseModelEngine> {
		const { failures, starts, safeMode, notes } = this.#parts;
		if (safeMode.blocks(this.role, this.choice)) throw this.#heldBack();
		await this.#leaveOutKnown();
		const model = await this.#model();
		const failure = failures.lately(model);
		// On trial every start counts: it is tried until it is undone.
		if (failure && !(await starts.concerns(this.role, this.choice))) throw failure;
		this.#spec = model;
		this.#notes = notes(this.role, this.choice, model);
		this.#try = { device: failures.device(model), how: 'first' };
		if (!(await stillWanted())) throw new AppError('cancelled');
		return this.#load(model, signal);
	}

	/** After a call of the loaded engine has failed. Errors: the same error when nothing helps; those of `open`. */
	async reopen(failure: unknown, signal: AbortSignal): Promise<BaseModelEngine> {
		throwIfAborted(signal);
		const error = toAppError(failure);
		if (!this.#spec || !(await this.#prepare(this.#spec, error, 'answered'))) throw error;
		return this.#load(this.#spec, signal);
	}

	/** A call of the loaded engine has gone well. */
	succeeded(): void {
		this.#tellOfAdapters('answered');
	}

	/** True where the last try was one of the GPU. */
	async onGpu(): Promise<boolean> {
		if (!this.#spec || this.#try.device === 'wasm') return false;
		return (this.#place ?? (await this.#parts.placeOf(this.#spec))) === 'webgpu';
	}

	/** Those that failed with this engine before, or that a tab died with. */
	async #leaveOutKnown(): Promise<void> {
		const { usableAdapters, safeMode } = this.#parts;
		const { on } = this.#adapters;
		if (on.length === 0) return;
		this.#adapters = new AdapterCharges(await usableAdapters(on, this.choice));
		const withheld = safeMode.withheldAdapters(this.role, this.choice);
		const suspects = this.#adapters.on.filter(({ adapter }) => withheld.includes(adapter));
		if (suspects.length > 0) await this.#leaveOut(this.#heldBack(), 'loaded', suspects);
	}

	/** On trial, a model that is not here any more is a start that has failed like any other. */
	async #model(): Promise<ModelSpec> {
		const { spec, starts } = this.#parts;
		try {
			return await spec(this.choice);
		} catch (error) {
			const counts = await starts.begin(this.role, this.choice);
			if (counts) await starts.failed(this.role, this.choice, error);
			throw error;
		}
	}

	async #load(spec: ModelSpec, signal: AbortSignal): Promise<BaseModelEngine> {
		const { pool, starts, safeMode } = this.#parts;
		const notes = this.#notes ? { notes: this.#notes } : {};
		for (;;) {
			throwIfAborted(signal);
			try {
				const { device } = this.#try;
				const { on: adapters } = this.#adapters;
				this.#engine = await pool.use(this.role, spec, { device, adapters, signal, ...notes });
				this.#place = this.#engine.capabilities.device;
				safeMode.releaseAdapters(this.role, this.choice);
				this.#tellOfAdapters('loaded');
				return this.#engine;
			} catch (failure) {
				throwIfAborted(signal);
				const error = toAppError(failure);
				if (await this.#prepare(spec, error, 'loaded')) continue;
				await starts.failed(this.role, this.choice, error);
				throw error;
			}
		}
	}

	/** Gets ready for the next try; false when there is none. `aim`: what the last one has failed to come to. */
	async #prepare(spec: ModelSpec, error: AppError, aim: Proof): Promise<boolean> {
		const { pool, failures } = this.#parts;
		const onGpu = await this.onGpu();
		const next = nextTry(error.code, this.#try, onGpu && runsOnProcessor(spec));
		if (this.#engine && waysOn(error.code).engine) pool.retire(this.role, this.#engine);
		const cleared = this.#adapters.clear();
		if (next?.how !== 'again' && !cleared && (await this.#leaveOut(error, aim))) return true;
		if (!next) {
			if (waysOn(error.code).engine) failures.failed(spec, error);
			return false;
		}
		if (next.how === 'processor') failures.gpuFailed(spec);
		this.#mishaps.add({ name: this.choice.name, error, onGpu, then: { how: next.how } });
		this.#try = next;
		return true;
	}

	/** Has the next try do without the adapters that may be to blame; false where none may be. */
	async #leaveOut(error: AppError, aim: Proof, suspects?: readonly AdapterUse[]): Promise<boolean> {
		const { length: adapters } = this.#adapters.leaveOut(error, aim, suspects);
		if (adapters === 0) return false;
		const then = { how: 'plain', adapters, all: this.#adapters.on.length === 0 } as const;
		this.#mishaps.add({ name: this.choice.name, error, onGpu: await this.onGpu(), then });
		return true;
	}

	#tellOfAdapters(proof: Proof): void {
		const spec = this.#spec;
		if (!spec) return;
		for (const charge of this.#adapters.proven(proof)) this.#parts.onAdaptersFailed(charge, spec);
	}

	#heldBack(): AppError {
		return new AppError('engine/safe-mode', { details: { name: this.choice.name } });
	}
}
