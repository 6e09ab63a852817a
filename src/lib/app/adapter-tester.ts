import {
	adapterCheckStore,
	adapterStore,
	type AdapterCheckRow,
	type AdapterRow
} from '../adapters/adapter-records.ts';
import { adapterSupport } from '../adapters/adapter-support.ts';
import { throwIfAborted } from '../core/abort.ts';
import type { AdapterMatch } from '../core/adapter-match.ts';
import { AppError, hasCode, toAppError } from '../core/errors.ts';
import type { GenerateRequest } from '../core/generation.ts';
import type { ModelSpec } from '../core/model-spec.ts';
import type { AdapterUse } from '../core/setup.ts';
import type { BenchEngine, EngineBench } from '../migration/migration-ports.ts';
import type { Clock } from '../ports/clock.ts';
import type { RecordStore } from '../ports/record-store.ts';
import { write } from '../ports/store-write.ts';
import { failureText } from './adapter-notes.ts';
import { waysOn } from './ways-on.ts';

interface Parts {
	readonly bench: Pick<EngineBench, 'open' | 'room' | 'rest'>;
	readonly records: RecordStore;
	readonly clock: Pick<Clock, 'now'>;
}

interface Answers {
	readonly texts: readonly string[];
	readonly match: AdapterMatch | null;
}

type Outcome = Pick<AdapterCheckRow, 'result' | 'reason' | 'matched'>;

/** Short, and each wants another kind of text: what an adapter was trained for shows in one of them. */
const prompts: readonly string[] = [
	'Who are you?',
	'Write one sentence about the sea.',
	'List three things that a good letter has.'
];

const answerTokens = 24;

/** Finds out what an adapter does to a model on this device, and keeps what came of it. */
export class AdapterTester {
	readonly #parts: Parts;

	constructor(parts: Parts) {
		this.#parts = parts;
	}

	/**
	 * Has the model answer three short questions without the adapter and with it, in a worker of its own, one after the
	 * other. One at strength 0 is tried at full strength. An adapter that does not work is a result. Errors:
	 * `adapter/missing`, those of the model alone, `cancelled`; then nothing is kept.
	 */
	async check(use: AdapterUse, spec: ModelSpec, signal: AbortSignal): Promise<AdapterCheckRow> {
		const { records, clock } = this.#parts;
		const row = await records.get(adapterStore, use.adapter);
		if (!row) {
			throw new AppError('adapter/missing', { details: { name: use.adapter.slice(0, 12) } });
		}
		const outcome = await this.#try({ ...use, strength: use.strength || 1 }, row, spec, signal);
		throwIfAborted(signal);
		const check: AdapterCheckRow = {
			...{ adapter: row.id, model: spec.id, at: clock.now(), of: row.modules.length },
			...outcome
		};
		await records.commit([write.put(adapterCheckStore, check)]);
		return check;
	}

	async #try(
		use: AdapterUse,
		row: AdapterRow,
		spec: ModelSpec,
		signal: AbortSignal
	): Promise<Outcome> {
		const support = adapterSupport(spec);
		if (!support.ok) {
			const { reason, instead } = support;
			const details = { engine: spec.name, reason, instead };
			return failed(new AppError('adapter/engine', { details }), spec);
		}
		const base = await this.#answers(spec, [], signal);
		try {
			return compared(base, await this.#answers(spec, [use], signal), row, spec);
		} catch (thrown) {
			throwIfAborted(signal);
			const error = toAppError(thrown, 'engine/generate-failed');
			if (!waysOn(error.code).plain) throw error;
			return failed(error, spec);
		}
	}

	/** The engine is ended before this resolves. */
	async #answers(
		spec: ModelSpec,
		adapters: readonly AdapterUse[],
		signal: AbortSignal
	): Promise<Answers> {
		const engine = await this.#open(spec, adapters, signal);
		try {
			const texts: string[] = [];
			for (const prompt of prompts) texts.push(await answerOf(engine, prompt, signal));
			return { texts, match: engine.adapters?.[0] ?? null };
		} finally {
			await engine.close();
		}
	}

	/** Those in use rest where it has no room beside them, or turns out to have none. */
	async #open(
		spec: ModelSpec,
		adapters: readonly AdapterUse[],
		signal: AbortSignal
	): Promise<BenchEngine> {
		const { bench } = this.#parts;
		throwIfAborted(signal);
		if ((await bench.room(spec)) === 'in-turn') await bench.rest();
		try {
			return await bench.open(spec, signal, adapters);
		} catch (error) {
			if (!hasCode(error, 'engine/out-of-memory')) throw error;
			await bench.rest();
			return bench.open(spec, signal, adapters);
		}
	}
}

/** All that it writes, what it says to itself included. An answer that was stopped is none: it rejects with `cancelled`. */
async function answerOf(engine: BenchEngine, prompt: string, signal: AbortSignal): Promise<string> {
	let text = '';
	for await (const event of engine.generate(requestOf(prompt), signal)) {
		if (event.type !== 'end') text += event.text;
	}
	throwIfAborted(signal);
	return text;
}

/** Always answered in the same way: what differs is the adapter's doing. */
function requestOf(prompt: string): GenerateRequest {
	return {
		question: prompt,
		messages: [{ role: 'user', content: prompt }],
		passages: [],
		maxTokens: answerTokens,
		temperature: 0,
		seed: 1
	};
}

function compared(base: Answers, adapted: Answers, row: AdapterRow, { name }: ModelSpec): Outcome {
	const matched = adapted.match?.matched ?? row.modules.length;
	const other = adapted.texts.filter((text, at) => text !== base.texts[at]).length;
	if (other > 0) {
		const reason = `${name} answered ${other} of ${prompts.length} short questions differently with it.`;
		return { result: 'works', reason, matched };
	}
	const reason = `This adapter changes nothing that three short questions to ${name} show.`;
	return { result: 'same', reason, matched };
}

function failed(error: AppError, { name }: ModelSpec): Outcome {
	return { result: 'failed', reason: failureText(error, name), matched: 0 };
}
