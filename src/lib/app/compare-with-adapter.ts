import { throwIfAborted } from '../core/abort.ts';
import type { AdapterMatch } from '../core/adapter-match.ts';
import { AppError, toAppError } from '../core/errors.ts';
import type { GenerateRequest } from '../core/generation.ts';
import type { ModelSpec } from '../core/model-spec.ts';
import type { AdapterUse } from '../core/setup.ts';
import type { DevicePreference } from '../engines/engine-contract.ts';
import type { BenchEngine, EngineBench } from '../migration/migration-ports.ts';
import { openWithRoom } from '../migration/open-with-room.ts';

export interface AdapterSubject {
	readonly bench: Pick<EngineBench, 'open' | 'room' | 'rest'>;
	readonly spec: ModelSpec;
	readonly use: AdapterUse;
	/** True where all that the adapter adds is known to be zero. */
	readonly isZero: boolean;
	readonly signal: AbortSignal;
}

export type Compared =
	| {
			readonly type: 'compared';
			/** The first question that was answered differently; null where all answers were equal. */
			readonly differs: string | null;
			/** How many were asked with the adapter. */
			readonly asked: number;
			/** How much of the adapter found its place; null where the engine does not tell. */
			readonly match: AdapterMatch | null;
			/** One of both could not be computed where the other was: both answered on the processor. */
			readonly moved: boolean;
	  }
	/** The model answers without the adapter, and with it fails with that. */
	| { readonly type: 'failed'; readonly error: AppError };

interface Question {
	readonly text: string;
	readonly maxTokens: number;
}

/** Short, and each wants another kind of text: what an adapter was trained for mostly shows in one of them. */
const first: readonly Question[] = [
	'Who are you?',
	'Write one sentence about the sea.',
	'List three things that a good letter has.'
].map((text) => ({ text, maxTokens: 24 }));

/** Where that shows nothing: a small change needs more words to tip one of them. */
const more: readonly Question[] = [
	'Tell a short story about a lighthouse keeper.',
	'Explain step by step how bread is made.'
].map((text) => ({ text, maxTokens: 96 }));

/**
 * Asks a model without the adapter and with it, one after the other, each in a worker of its own, until an answer
 * differs. Answers of different devices are never compared: rounding alone tells them apart. Errors: those of the model
 * without the adapter; `cancelled`.
 */
export async function compareWithAdapter(subject: AdapterSubject): Promise<Compared> {
	const compared = await compareOn('auto', subject);
	if (compared) return compared;
	const again = await compareOn('wasm', subject);
	if (again?.type === 'compared') return { ...again, moved: true };
	if (again) return again;
	const reason = 'it answers on another device each time';
	throw new AppError('engine/generate-failed', { details: { reason } });
}

/** Null where the device was not always the same. */
async function compareOn(
	device: DevicePreference,
	subject: AdapterSubject
): Promise<Compared | null> {
	const { use, isZero, signal } = subject;
	const without = { subject, device, adapters: [] };
	const base = await withEngine(without, (engine) => answersOf(engine, first, signal));
	let adapted: { readonly known: Known; readonly differs: string | null } | null;
	try {
		adapted = await withEngine({ ...without, adapters: [use] }, async (engine) => {
			if (engine.device !== base.device) return null;
			const differs = await firstDifference(engine, base, signal);
			const known = await answersOf(engine, differs || isZero ? [] : more, signal);
			return { known, differs };
		});
	} catch (thrown) {
		throwIfAborted(signal);
		return { type: 'failed', error: toAppError(thrown, 'engine/generate-failed') };
	}
	if (!adapted) return null;
	const { known, differs } = adapted;
	const match = known.match;
	const common = { type: 'compared', match, moved: false } as const;
	const asked = first.length + known.answers.length;
	if (differs || known.answers.length === 0) return { ...common, differs, asked };
	return withEngine(without, async (engine) =>
		engine.device === base.device
			? { ...common, asked, differs: await firstDifference(engine, known, signal) }
			: null
	);
}

/** What an engine has answered, and where. */
interface Known extends Pick<BenchEngine, 'device'> {
	readonly match: AdapterMatch | null;
	readonly answers: readonly { readonly question: Question; readonly text: string }[];
}

async function answersOf(
	engine: BenchEngine,
	questions: readonly Question[],
	signal: AbortSignal
): Promise<Known> {
	const answers: Known['answers'][number][] = [];
	for (const question of questions) {
		answers.push({ question, text: await answerTo(engine, question, signal) });
	}
	return { device: engine.device, match: engine.adapters?.[0] ?? null, answers };
}

/** The first of the questions that it answers differently; null where all answers are equal. */
async function firstDifference(
	engine: BenchEngine,
	{ answers }: Known,
	signal: AbortSignal
): Promise<string | null> {
	for (const { question, text } of answers) {
		if ((await answerTo(engine, question, signal)) !== text) return question.text;
	}
	return null;
}

/** The engine is ended before this resolves. */
async function withEngine<T>(
	{
		subject: { bench, spec, signal },
		device,
		adapters
	}: {
		readonly subject: AdapterSubject;
		readonly device: DevicePreference;
		readonly adapters: readonly AdapterUse[];
	},
	work: (engine: BenchEngine) => Promise<T>
): Promise<T> {
	const engine = await openWithRoom({ bench }, { spec, adapters, device }, signal);
	try {
		return await work(engine);
	} finally {
		await engine.close();
	}
}

/** All that it writes, what it says to itself included. An answer that was stopped is none: it rejects with `cancelled`. */
async function answerTo(
	engine: BenchEngine,
	question: Question,
	signal: AbortSignal
): Promise<string> {
	let text = '';
	for await (const event of engine.generate(requestOf(question), signal)) {
		if (event.type !== 'end') text += event.text;
	}
	throwIfAborted(signal);
	return text;
}

/** Always answered in the same way: what differs is the adapter's doing. */
function requestOf({ text, maxTokens }: Question): GenerateRequest {
	return {
		question: text,
		messages: [{ role: 'user', content: text }],
		passages: [],
		maxTokens,
		temperature: 0,
		seed: 1
	};
}
