import { throwIfAborted } from '../core/abort.ts';
import { toAppError, type AppError } from '../core/errors.ts';
import type { ModelSpec } from '../core/model-spec.ts';
import type { GenerateEvent, GenerateRequest } from '../core/generation.ts';
import type { AdapterUse, EngineChoice, Setup, SetupRecord } from '../core/setup.ts';
import type { Answering } from '../chat/chat-ports.ts';
import type { AnsweringAdapter } from '../chat/chat-records.ts';
import type { BaseModelEngine } from '../engines/base-model-engine.ts';
import type { MigrationJournal } from '../migration/journal.ts';
import type { SetupRepository } from '../migration/setup-repository.ts';
import { activeSetup } from './active-setup.ts';
import { adaptersKey } from './adapters-key.ts';
import { sameChoice } from './engine-on-trial.ts';
import { EngineRun, type EngineRunParts } from './engine-run.ts';
import { MishapLog } from './mishap-log.ts';
import { choiceOf } from './model-directory.ts';
import { previousSetup } from './previous-setup.ts';
import { waysOn } from './ways-on.ts';

export interface AnswerChainParts extends EngineRunParts {
	readonly setup: Pick<SetupRepository, 'read'>;
	readonly journal: Pick<MigrationJournal, 'all'>;
	/** In the order in which they are offered: the last is the best. */
	readonly builtIn: readonly ModelSpec[];
	/** True where an engine of that kind sends what it is given away. */
	readonly isRemote: (kind: string) => boolean;
	/** What they are called now. */
	readonly nameAdapters: (uses: readonly AdapterUse[]) => Promise<readonly AnsweringAdapter[]>;
	/** Hears which engine answers, and which one should have: that of the chat, or of the setup that it was opened for. */
	readonly onOpened: (choice: EngineChoice, meant: EngineChoice) => void;
}

interface Try {
	readonly choice: EngineChoice;
	/** The `adaptersKey` of those that it began with. */
	readonly adapters: string;
}

/**
 * The way of one question from engine to engine: the wanted one, the one of the setup, the one before, a built-in one.
 * It only goes forward, so it ends. What fails on this device is never sent to a server instead. The adapters of the
 * setup belong to its engine: another one is loaded without.
 */
export class AnswerChain {
	readonly #parts: AnswerChainParts;
	readonly #wanted: EngineChoice | null;
	readonly #pinned: SetupRecord | null;
	readonly #tried: Try[] = [];
	/** The setup in use, as far as this question knows. */
	#setup: Setup | null = null;
	readonly #mishaps = new MishapLog();

	/** `pinned`: the setup of when the question was asked, which answers it whatever is in use now. */
	constructor(
		parts: AnswerChainParts,
		wanted: EngineChoice | null,
		pinned: SetupRecord | null = null
	) {
		this.#parts = parts;
		this.#wanted = wanted;
		this.#pinned = pinned;
	}

	/** Errors: why the first engine did not load, when none does; `cancelled`; `storage/missing` before the first setup. */
	async open(signal: AbortSignal): Promise<Answering> {
		throwIfAborted(signal);
		const { current } = this.#pinned ?? (await activeSetup(this.#parts.setup));
		const run = this.#begin(this.#wanted ?? current.chat, current);
		return this.#attempt(run, () => this.#load(run, signal), signal);
	}

	/** Loads with `load`, and where that fails the next engine, until one is loaded. */
	async #attempt(
		run: EngineRun,
		load: () => Promise<BaseModelEngine>,
		signal: AbortSignal
	): Promise<Answering> {
		let first: unknown = null;
		for (;;) {
			try {
				return await this.#answering(run, await load());
			} catch (failure) {
				throwIfAborted(signal);
				first ??= failure;
				const next = await this.#after(run, toAppError(failure));
				if (!next) throw first;
				run = next;
				load = () => this.#load(next, signal);
			}
		}
	}

	#load(run: EngineRun, signal: AbortSignal): Promise<BaseModelEngine> {
		return run.open(signal, async () => {
			if (this.#wanted || this.#pinned) return true;
			const { current } = await activeSetup(this.#parts.setup);
			return this.#setup !== null && answersAlike(current, this.#setup);
		});
	}

	async #after(run: EngineRun, error: AppError): Promise<EngineRun | null> {
		if (error.code === 'cancelled') return this.#followSwitch();
		if (!waysOn(error.code).engine) return null;
		const { current, next } = await this.#next();
		if (!next) return null;
		const { name } = run.choice;
		const then = { how: 'engine', name: next.name } as const;
		this.#mishaps.add({ name, error, onGpu: await run.onGpu(), then });
		return this.#begin(next, current);
	}

	/** Another setup has come into use while its engine was waited for, and has put an end to that. */
	async #followSwitch(): Promise<EngineRun | null> {
		const { current } = await activeSetup(this.#parts.setup);
		const isLike = (tried: Try): boolean =>
			sameChoice(tried.choice, current.chat) && tried.adapters === adaptersKey(current.adapters);
		return this.#wanted || this.#tried.some(isLike) ? null : this.#begin(current.chat, current);
	}

	async #next(): Promise<{ readonly current: Setup; readonly next: EngineChoice | null }> {
		const { setup, journal, builtIn } = this.#parts;
		const record = await activeSetup(setup);
		const { current } = record;
		if (this.#mayStandIn(current.chat)) return { current, next: current.chat };
		const before = (await previousSetup(record, journal))?.chat;
		if (before && this.#mayStandIn(before) && (await this.#isHere(before))) {
			return { current, next: before };
		}
		const next = builtIn.map(choiceOf).findLast((choice) => this.#isUntried(choice));
		return { current, next: next ?? null };
	}

	#begin(choice: EngineChoice, setup: Setup): EngineRun {
		const { chat, adapters } = setup;
		this.#setup = setup;
		const own = sameChoice(choice, chat) ? adapters : [];
		this.#tried.push({ choice, adapters: adaptersKey(own) });
		return new EngineRun(this.#parts, 'chat', choice, this.#mishaps, own);
	}

	#mayStandIn(choice: EngineChoice): boolean {
		return this.#isUntried(choice) && !this.#parts.isRemote(choice.engine);
	}

	#isUntried(choice: EngineChoice): boolean {
		return !this.#tried.some((tried) => sameChoice(tried.choice, choice));
	}

	async #isHere(choice: EngineChoice): Promise<boolean> {
		return this.#parts.spec(choice).then(
			() => true,
			() => false
		);
	}

	async #answering(run: EngineRun, engine: BaseModelEngine): Promise<Answering> {
		this.#parts.onOpened(run.choice, this.#wanted ?? this.#setup?.chat ?? run.choice);
		const { device, contextTokens } = engine.capabilities;
		const mishaps = this.#mishaps.settle();
		const uses = run.adapters;
		const adapters = uses.length > 0 ? await this.#parts.nameAdapters(uses) : null;
		return {
			engine: run.choice,
			extractive: engine.info.extractive,
			device,
			contextTokens,
			mishaps,
			...(adapters && { adapters }),
			generate: (request, signal) => reporting(run, engine, request, signal),
			insteadOf: async (error, signal) => {
				throwIfAborted(signal);
				return this.#attempt(run, () => run.reopen(error, signal), signal);
			}
		};
	}
}

function answersAlike(one: Setup, other: Setup): boolean {
	const alike = adaptersKey(one.adapters) === adaptersKey(other.adapters);
	return alike && sameChoice(one.chat, other.chat);
}

/** Its events; the run hears of an answer that has come to its end. */
async function* reporting(
	run: EngineRun,
	engine: BaseModelEngine,
	request: GenerateRequest,
	signal: AbortSignal
): AsyncGenerator<GenerateEvent> {
	for await (const event of engine.generate(request, { signal })) {
		if (event.type === 'end' && event.reason !== 'cancelled') run.succeeded();
		yield event;
	}
}
