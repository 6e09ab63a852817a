import type { ModelSpec } from '../core/model-spec.ts';
import type { BenchEngine } from '../migration/migration-ports.ts';
import { engineBytes } from './engine-room.ts';

/** Fewer passages are not worth dealing out. */
const fewestTexts = 8;
/** So long one engine must have embedded before another is opened: little work is done before that would help. */
const recruitAfterMs = 2000;

/** More engines bring little, and each takes the memory of a runtime. */
const mostEngines = 4;
/** Of all engines together: weights, their copies, and a runtime each. Bytes. */
const mostMemory = 1.5e9;
const runtimeBytes = 150e6;

/** How many engines on one thread each embed with that model, where so many threads may run. */
export function crewSize(spec: ModelSpec, threads: number, budget: number | null): number {
	// On two cores both work, for the page waits more than it works; on more it keeps one.
	const cores = threads <= 2 ? threads : threads - 1;
	const memory = Math.min(mostMemory, budget ?? mostMemory);
	const fit = Math.floor(memory / (engineBytes(spec) + runtimeBytes));
	return Math.max(1, Math.min(cores, fit, mostEngines));
}

interface Parts {
	readonly lead: BenchEngine;
	/** One more engine like the lead. */
	readonly open: (signal: AbortSignal) => Promise<BenchEngine>;
	/** How many there are to be, the lead among them. */
	readonly size: number;
	/** Milliseconds on any clock. */
	readonly now?: () => number;
}

/**
 * Several engines with the same model as one, each in a worker of its own. Passages are dealt out among them; all else is
 * the lead's. The others are opened one after the other while it works, and it goes on alone where that fails.
 */
export class EngineCrew implements BenchEngine {
	readonly dims: number | null;
	readonly device: BenchEngine['device'];
	readonly #parts: Parts;
	readonly #now: () => number;
	readonly #engines: BenchEngine[];
	readonly #life = new AbortController();
	#workedMs = 0;
	#recruiting: Promise<void> | null = null;

	constructor(parts: Parts) {
		this.#parts = parts;
		this.#now = parts.now ?? (() => performance.now());
		this.#engines = [parts.lead];
		this.dims = parts.lead.dims;
		this.device = parts.lead.device;
	}

	generate: BenchEngine['generate'] = (request, signal) =>
		this.#parts.lead.generate(request, signal);

	embed: BenchEngine['embed'] = async (texts, purpose, signal, onTruncated) => {
		if (purpose !== 'passage' || texts.length < fewestTexts) {
			return this.#parts.lead.embed(texts, purpose, signal, onTruncated);
		}
		const started = this.#now();
		const vectors = new Array<Float32Array>(texts.length);
		const truncated: number[] = [];
		const hands = deal(texts, this.#engines.length);
		const work = hands.map(async (places, at) => {
			const own = places.map((place) => texts[place] ?? '');
			const note = (cut: readonly number[]): void => {
				truncated.push(...cut.map((place) => places[place] ?? -1));
			};
			const made = await this.#engines[at]?.embed(own, purpose, signal, note);
			made?.forEach((vector, place) => (vectors[places[place] ?? -1] = vector));
		});
		// All of them, also where one fails: nobody works on once this has ended.
		await Promise.allSettled(work);
		await Promise.all(work);
		this.#workedMs += this.#now() - started;
		if (this.#workedMs >= recruitAfterMs) this.#recruiting ??= this.#recruit();
		if (truncated.length > 0) onTruncated?.(truncated.sort((a, b) => a - b));
		return vectors;
	};

	async close(): Promise<void> {
		this.#life.abort();
		await this.#recruiting;
		await Promise.all(this.#engines.map((engine) => engine.close()));
	}

	async #recruit(): Promise<void> {
		const { signal } = this.#life;
		try {
			while (this.#engines.length < this.#parts.size && !signal.aborted) {
				this.#engines.push(await this.#parts.open(signal));
			}
		} catch {
			// Those that there are do the work.
		}
	}
}

/** The places of the texts, dealt out by length, so that all hands are about equally heavy. */
function deal(texts: readonly string[], hands: number): number[][] {
	const length = (place: number): number => texts[place]?.length ?? 0;
	const order = [...texts.keys()].sort((a, b) => length(a) - length(b));
	return Array.from({ length: hands }, (_, hand) => order.filter((_, at) => at % hands === hand));
}
