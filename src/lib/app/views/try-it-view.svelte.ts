import type { AdapterId } from '../../core/ids.ts';
import type { AdapterUse } from '../../core/setup.ts';
import type { Adapters, ListedAdapter } from '../adapters.ts';
import { shownError, type ShownError } from '../shown-error.ts';
import type { TryEvent, TrySide } from '../try-beside.ts';

interface Parts {
	readonly adapters: () => Promise<Pick<Adapters, 'tryBeside'>>;
	/** Of the page, the newest first. */
	readonly list: () => readonly ListedAdapter[];
}

/** One of the two answers. */
export interface TriedAnswer {
	readonly phase: 'waiting' | 'loading' | 'writing' | 'done' | 'stopped';
	readonly text: string;
}

/** An adapter that the second answer may be written with. */
export interface TryChoice {
	readonly id: AdapterId;
	readonly name: string;
	readonly picked: boolean;
	/** In the comparison alone. */
	readonly strength: number;
}

export interface Comparison {
	readonly base: TriedAnswer;
	readonly adapted: TriedAnswer;
	/** What the second one is written with, for people: `Bees at 0.50`. */
	readonly withWhat: readonly string[];
}

const waiting: TriedAnswer = { phase: 'waiting', text: '' };

/** The same question to the model alone and to the model with adapters. Changes nothing that is in use. */
export class TryItView {
	prompt = $state('');
	readonly #parts: Parts;
	/** What the user has chosen; what they have not touched follows the list. */
	#picked = $state.raw<Readonly<Partial<Record<AdapterId, boolean>>>>({});
	#strengths = $state.raw<Readonly<Partial<Record<AdapterId, number>>>>({});
	#comparison = $state.raw<Comparison | null>(null);
	#running = $state(false);
	#outcome = $state('');
	#error = $state.raw<ShownError | null>(null);
	#stop = new AbortController();

	constructor(parts: Parts) {
		this.#parts = parts;
	}

	/** Those that fit, or may: of the others every one would be refused. */
	get choices(): readonly TryChoice[] {
		const candidates = this.#parts.list().filter(({ verdict }) => verdict.state !== 'no');
		const on = candidates.filter(({ state }) => state === 'active');
		const [first] = candidates;
		const byDefault = on.length > 0 ? on : first ? [first] : [];
		return candidates.map((adapter) => {
			const { id, name, strength } = adapter.row;
			const picked = this.#picked[id] ?? byDefault.includes(adapter);
			return { id, name, picked, strength: this.#strengths[id] ?? strength };
		});
	}

	/** Null before the first. */
	get comparison(): Comparison | null {
		return this.#comparison;
	}

	get running(): boolean {
		return this.#running;
	}

	/** What came of it, in a sentence, once both answers are there; empty before. */
	get outcome(): string {
		return this.#outcome;
	}

	get error(): ShownError | null {
		return this.#error;
	}

	get canCompare(): boolean {
		return this.prompt.trim() !== '' && this.choices.some(({ picked }) => picked);
	}

	pick = (id: AdapterId, picked: boolean): void => {
		this.#picked = { ...this.#picked, [id]: picked };
	};

	/** Picks that one alone. */
	pickOnly = (id: AdapterId): void => {
		this.#picked = Object.fromEntries(this.choices.map((each) => [each.id, each.id === id]));
	};

	setStrength = (id: AdapterId, strength: number): void => {
		this.#strengths = { ...this.#strengths, [id]: strength };
	};

	/** Does nothing while another comparison runs. Never rejects. */
	compare = async (): Promise<void> => {
		if (this.#running || !this.canCompare) return;
		const picked = this.choices.filter((choice) => choice.picked);
		const uses = picked.map(({ id, strength }): AdapterUse => ({ adapter: id, strength }));
		const withWhat = picked.map(({ name, strength }) => `${name} at ${strength.toFixed(2)}`);
		this.#stop = new AbortController();
		this.#running = true;
		this.#error = null;
		this.#outcome = '';
		this.#comparison = { base: waiting, adapted: waiting, withWhat };
		try {
			const adapters = await this.#parts.adapters();
			for await (const event of adapters.tryBeside(this.prompt.trim(), uses, this.#stop.signal)) {
				this.#show(event);
			}
			this.#outcome = outcomeOf(this.#comparison);
		} catch (error) {
			this.#giveUp();
			this.#error = shownError(error);
			this.#outcome = this.#error ? '' : 'Stopped.';
		} finally {
			this.#running = false;
		}
	};

	stop = (): void => this.#stop.abort();

	#show(event: TryEvent): void {
		const { side } = event;
		if (event.type === 'text') this.#set(side, (now) => ({ ...now, text: now.text + event.text }));
		else this.#set(side, (now) => ({ ...now, phase: event.type === 'end' ? 'done' : event.type }));
	}

	#set(side: TrySide, change: (answer: TriedAnswer) => TriedAnswer): void {
		const comparison = this.#comparison;
		if (comparison) this.#comparison = { ...comparison, [side]: change(comparison[side]) };
	}

	#giveUp(): void {
		for (const side of ['base', 'adapted'] as const) {
			this.#set(side, (answer) =>
				answer.phase === 'done' ? answer : { ...answer, phase: 'stopped' }
			);
		}
	}
}

function outcomeOf({ base, adapted }: Comparison): string {
	return base.text.trim() === adapted.text.trim()
		? 'Both answers are there, and they are the same: for this prompt the adapters change nothing.'
		: 'Both answers are there, and they differ.';
}
