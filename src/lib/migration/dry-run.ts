import type { AdapterCheckRow } from '../adapters/adapter-records.ts';
import { throwIfAborted } from '../core/abort.ts';
import { toAppError } from '../core/errors.ts';
import type { ModelSpec } from '../core/model-spec.ts';
import type { Clock } from '../ports/clock.ts';
import { answerPrompt } from './answer-prompt.ts';
import type { AdapterShelf, EngineBench, PassageFinder } from './migration-ports.ts';
import { openWithRoom } from './open-with-room.ts';
import { peakMemory } from './peak-memory.ts';
import type { MigrationPlan, Range, TestPrompt } from './plan.ts';

export interface DryRunReport {
	/** Texts of the user's own that were embedded to measure; 0 when the embedding engine does not change. */
	readonly sampled: number;
	readonly textsPerSecond: number | null;
	/** How long the whole re-embedding will take. */
	readonly seconds: Range | null;
	/** Size of the new index on disk. */
	readonly indexBytes: number;
	/** From the start of the new engines' workers until they worked at full speed: a first embedding warms up. */
	readonly loadSeconds: number;
	/** What the new engine takes, besides what is in use; null where no engine was tried. */
	readonly memoryBytes: Range | null;
	/** What was asked of the new chat engine: a test prompt of the user's own, where there is one. */
	readonly question: string | null;
	/** What it answers; null when it does not change. */
	readonly answer: string | null;
	/** How long that took, passages included. */
	readonly answerSeconds: number | null;
	/** What comes of each adapter that the upgrade is to try. */
	readonly adapters: readonly TriedAdapter[];
}

export interface TriedAdapter extends Pick<AdapterCheckRow, 'result' | 'reason'> {
	/** For people. */
	readonly name: string;
}

interface Parts {
	readonly bench: EngineBench;
	readonly adapters: Pick<AdapterShelf, 'trial'>;
	readonly clock: Clock;
	/** Some chunk texts of the user's own, spread over the documents. */
	readonly sampleTexts: (count: number) => Promise<readonly string[]>;
	/** Of the user's own; the first one is asked. */
	readonly prompts: readonly TestPrompt[];
	readonly passages: PassageFinder;
}

const sampleSize = 32;
const builtInQuestion = 'What is the boiling point of water?';
const builtInPassages = [
	{ n: 1, title: 'Test passage', text: 'Water boils at one hundred degrees Celsius.' }
];

/**
 * Tries the plan's new engines on a sample of the user's own texts and measures, then its adapters. Nothing that it does
 * stays: the engines run in workers of their own, and neither a vector nor what came of an adapter is stored. Errors: those of loading and calling the engines.
 */
export async function dryRun(
	plan: MigrationPlan,
	parts: Parts,
	signal: AbortSignal
): Promise<DryRunReport> {
	const started = parts.clock.monotonic();
	const canaries = plan.steps.flatMap((step) => (step.kind === 'canary' ? [step.params] : []));
	const chat = canaries.find((canary) => canary.role === 'chat');
	const embedding = canaries.find((canary) => canary.role === 'embedding');
	const answered = chat ? await tryAnswer(chat.spec, parts, signal) : null;
	const embedded = embedding ? await tryEmbedding(embedding.spec, parts, signal) : null;
	const working = (answered?.ms ?? 0) + (embedded?.ms ?? 0);
	const perSecond = embedded && embedded.count > 0 ? rate(embedded.count, embedded.ms) : null;
	const loading = parts.clock.monotonic() - started - working;
	const { texts } = plan.needs;
	return {
		sampled: embedded?.count ?? 0,
		textsPerSecond: perSecond,
		seconds: perSecond ? rangeAround(texts / perSecond) : null,
		indexBytes: embedding ? texts * (embedding.spec.embedding?.dims ?? 0) * 4 : 0,
		loadSeconds: Math.max(0, loading) / 1000,
		memoryBytes: peakMemory(
			canaries.map(({ spec }) => spec),
			texts
		),
		question: answered?.question ?? null,
		answer: answered?.text ?? null,
		answerSeconds: answered && answered.ms / 1000,
		adapters: await tryAdapters(plan, parts, signal)
	};
}

/** A model that fails without an adapter, too, is told of that adapter: it ends no dry run. */
async function tryAdapters(
	{ steps }: MigrationPlan,
	{ adapters: shelf }: Parts,
	signal: AbortSignal
): Promise<TriedAdapter[]> {
	const tried: TriedAdapter[] = [];
	for (const step of steps) {
		if (step.kind !== 'check-adapters') continue;
		for (const { use, name } of step.params.adapters) {
			tried.push({
				name,
				...(await tryAdapter(shelf.trial(use, step.params.spec, signal), signal))
			});
		}
	}
	return tried;
}

async function tryAdapter(
	trial: Promise<AdapterCheckRow>,
	signal: AbortSignal
): Promise<Pick<AdapterCheckRow, 'result' | 'reason'>> {
	try {
		const { result, reason } = await trial;
		return { result, reason };
	} catch (error) {
		throwIfAborted(signal);
		return { result: 'untried', reason: toAppError(error, 'engine/generate-failed').message };
	}
}

/** The time that finding passages takes counts as answering: a chat takes it, too. */
async function tryAnswer(
	spec: ModelSpec,
	{ bench, clock, prompts, passages: finder }: Parts,
	signal: AbortSignal
): Promise<{ question: string; text: string; ms: number }> {
	const prompt = prompts[0]?.text ?? builtInQuestion;
	const engine = await openWithRoom({ bench }, { spec }, signal);
	const started = clock.monotonic();
	try {
		const passages = prompts[0] ? await finder.passagesFor(prompt, signal) : builtInPassages;
		const { text } = await answerPrompt(engine, { spec, prompt, passages }, signal);
		return { question: prompt, text, ms: clock.monotonic() - started };
	} finally {
		await engine.close();
	}
}

async function tryEmbedding(
	spec: ModelSpec,
	{ bench, clock, sampleTexts }: Parts,
	signal: AbortSignal
): Promise<{ count: number; ms: number }> {
	const texts = await sampleTexts(sampleSize);
	const engine = await openWithRoom({ bench }, { spec }, signal);
	try {
		// The first call warms up: its time says nothing about the rest.
		if (texts.length > 0) await engine.embed(texts.slice(0, 1), 'passage', signal);
		const started = clock.monotonic();
		if (texts.length > 0) await engine.embed(texts, 'passage', signal);
		return { count: texts.length, ms: clock.monotonic() - started };
	} finally {
		await engine.close();
	}
}

function rate(count: number, ms: number): number {
	return count / (Math.max(ms, 1) / 1000);
}

/** A sample tells the whole within a third, in both directions. */
function rangeAround(seconds: number): Range {
	return { low: seconds * 0.7, high: seconds * 1.5 };
}
