import type { AdapterId } from '../core/ids.ts';
import type { EngineChoice } from '../core/setup.ts';
import type { SetupRepository } from '../migration/setup-repository.ts';
import { sameChoice } from './engine-on-trial.ts';
import type { EngineRole } from './engine-pool.ts';
import type { LoadMark } from './load-mark.ts';
import type { LoadMarks } from './load-marks.ts';

interface Parts {
	readonly marks: Pick<LoadMarks, 'ofEarlierTabs' | 'forget'>;
	readonly setup: Pick<SetupRepository, 'uncountStart'>;
}

/**
 * Engines that are not loaded because a tab died while it loaded them. They stay so, over restarts too, until the user
 * tries one again, or the setup changes.
 */
export class SafeMode {
	readonly #parts: Parts;
	readonly #listeners = new Set<() => void>();
	#held: readonly LoadMark[] = [];
	/** Of tabs that died while they loaded an engine with adapters: it is loaded, but without these. */
	#withAdapters: readonly LoadMark[] = [];
	#tried = new Set<EngineRole>();

	constructor(parts: Parts) {
		this.#parts = parts;
	}

	/** What is not loaded, with the tab that died. */
	get held(): readonly LoadMark[] {
		return this.#held;
	}

	blocks(role: EngineRole, choice: EngineChoice): boolean {
		return this.#held.some((mark) => mark.role === role && sameChoice(mark.choice, choice));
	}

	/** Those with which a tab died while it loaded that engine: it is to be loaded without them. */
	withheldAdapters(role: EngineRole, choice: EngineChoice): readonly AdapterId[] {
		return this.#withAdapters
			.filter((mark) => mark.role === role && sameChoice(mark.choice, choice))
			.flatMap(({ adapters = [] }) => adapters.map(({ adapter }) => adapter));
	}

	/** That engine has been loaded without them: whether it is loaded with some again is not for safe mode to say. */
	releaseAdapters(role: EngineRole, choice: EngineChoice): void {
		this.#withAdapters = this.#withAdapters.filter(
			(mark) => mark.role !== role || !sameChoice(mark.choice, choice)
		);
	}

	/** True once the user has asked in this tab for another try in that role. */
	tried(role: EngineRole): boolean {
		return this.#tried.has(role);
	}

	/** Returns the function that stops listening. */
	onChange(listener: () => void): () => void {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}

	/** When this tab has taken the lead, before it loads an engine. */
	async enter(): Promise<void> {
		this.#tried = new Set();
		const { dead, cutShort } = await this.#parts.marks.ofEarlierTabs();
		// A start that failed says nothing of the engine until it has failed without its adapters.
		this.#withAdapters = dead.filter(({ adapters }) => adapters);
		this.#hold(dead.filter(({ adapters }) => !adapters));
		const uncounted = [...cutShort, ...this.#withAdapters].filter(({ counted }) => counted);
		// The two engines of one upgrade start together and count as one start.
		const starts = new Set(uncounted.map(({ session }) => session));
		for (let left = starts.size; left > 0; left--) await this.#parts.setup.uncountStart();
	}

	/** The user wants another try. */
	async tryAgain(role: EngineRole): Promise<void> {
		this.#tried.add(role);
		const lifted = this.#held.filter((mark) => mark.role === role);
		this.#hold(this.#held.filter((mark) => mark.role !== role));
		await this.#parts.marks.forget(lifted);
	}

	/** The setup has changed: whoever chose the new one knows what to load. */
	async leave(): Promise<void> {
		const lifted = [...this.#held, ...this.#withAdapters];
		this.#withAdapters = [];
		this.#hold([]);
		await this.#parts.marks.forget(lifted);
	}

	#hold(held: readonly LoadMark[]): void {
		this.#held = held;
		for (const listener of this.#listeners) listener();
	}
}
