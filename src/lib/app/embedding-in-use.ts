import { hasCode } from '../core/errors.ts';
import type { Setup, SetupRecord } from '../core/setup.ts';
import type { BaseModelEngine } from '../engines/base-model-engine.ts';
import type { SetupRepository } from '../migration/setup-repository.ts';
import { activeSetup } from './active-setup.ts';
import type { EmbeddedQuery } from './document-search.ts';
import { sameChoice } from './engine-on-trial.ts';
import { EngineRun, type EngineRunParts } from './engine-run.ts';
import { MishapLog } from './mishap-log.ts';

/** An engine that is loaded, and the setup that it was loaded for: its vectors belong to that setup's index. */
export interface EngineInUse {
	readonly engine: BaseModelEngine;
	readonly setup: Setup;
}

interface Opened extends EngineInUse {
	readonly run: EngineRun;
}

interface Parts extends EngineRunParts {
	readonly setup: Pick<SetupRepository, 'read'>;
}

/**
 * The embedding engine that the active setup names, loaded when it is asked for. Where the setup changes meanwhile, as
 * after the third failed start of one on trial, the engine that is in use now is loaded instead, once. One on trial that
 * safe mode holds back is replaced by the one before, whose index is still there.
 */
export class EmbeddingInUse {
	readonly #parts: Parts;

	constructor(parts: Parts) {
		this.#parts = parts;
	}

	/** Errors: those of `EngineRun.open`; `storage/missing` before the first setup. */
	async get(signal: AbortSignal): Promise<EngineInUse> {
		const { engine, setup } = await this.#open(signal);
		return { engine, setup };
	}

	/**
	 * What the call makes of the engine; one that fails is started anew and called again. `pinned`: a setup that is to be
	 * used in place of the active one, for as long as its engine loads. Errors: those of `get`, and those of the call when
	 * nothing helps.
	 */
	async call<T>(
		work: (engine: BaseModelEngine) => Promise<T>,
		signal: AbortSignal,
		pinned: SetupRecord | null = null
	): Promise<{ readonly value: T; readonly setup: Setup }> {
		const { run, setup, ...opened } = await this.#open(signal, pinned);
		let { engine } = opened;
		for (;;) {
			try {
				return { value: await work(engine), setup };
			} catch (error) {
				engine = await run.reopen(error, signal);
			}
		}
	}

	/** The vector of a question. Errors: those of `call`. */
	async embedQuery(
		text: string,
		signal: AbortSignal,
		pinned: SetupRecord | null = null
	): Promise<EmbeddedQuery> {
		const { value, setup } = await this.call(
			(engine) => engine.embed([text], { purpose: 'query', signal }),
			signal,
			pinned
		);
		return { vector: value[0] ?? new Float32Array(), index: setup.index };
	}

	async #open(signal: AbortSignal, pinned: SetupRecord | null = null): Promise<Opened> {
		const { current, trial } = pinned ?? (await activeSetup(this.#parts.setup));
		const isInUse = async (): Promise<boolean> =>
			sameChoice((await activeSetup(this.#parts.setup)).current.embedding, current.embedding);
		const stillWanted = async (): Promise<boolean> => pinned !== null || isInUse();
		try {
			return await this.#load(current, signal, stillWanted);
		} catch (error) {
			if (hasCode(error, 'engine/safe-mode') && trial) {
				return this.#load(trial.previous, signal, stillWanted);
			}
			if (await isInUse()) throw error;
			return this.#load((await activeSetup(this.#parts.setup)).current, signal);
		}
	}

	async #load(
		setup: Setup,
		signal: AbortSignal,
		stillWanted?: () => Promise<boolean>
	): Promise<Opened> {
		const run = new EngineRun(this.#parts, 'embedding', setup.embedding, new MishapLog());
		return { run, setup, engine: await run.open(signal, stillWanted) };
	}
}
