import type { GenerateRequest } from '../core/generation.ts';
import type { ModelSpec } from '../core/model-spec.ts';
import type { Clock } from '../ports/clock.ts';
import type { EngineBench } from './migration-ports.ts';
import type { MigrationPlan, Range } from './plan.ts';

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
	/** What the new chat engine answers to a test question; null when it does not change. */
	readonly answer: string | null;
}

interface Parts {
	readonly bench: EngineBench;
	readonly clock: Clock;
	/** Some chunk texts of the user's own, spread over the documents. */
	readonly sampleTexts: (count: number) => Promise<readonly string[]>;
}

const sampleSize = 32;
const testQuestion: GenerateRequest = {
	question: 'What is the boiling point of water?',
	messages: [{ role: 'user', content: 'What is the boiling point of water?' }],
	passages: [{ n: 1, title: 'Test passage', text: 'Water boils at one hundred degrees Celsius.' }],
	maxTokens: 60,
	reasoningTokens: 20,
	temperature: 0,
	seed: 1
};

/**
 * Tries the plan's new engines on a sample of the user's own texts and measures. Nothing that it does stays: the
 * engines run in workers of their own and no vector is stored. Errors: those of loading and calling the engines.
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
	const answer = chat ? await tryAnswer(chat.spec, parts, signal) : null;
	const embedded = embedding ? await tryEmbedding(embedding.spec, parts, signal) : null;
	const working = (answer?.ms ?? 0) + (embedded?.ms ?? 0);
	const perSecond = embedded && embedded.count > 0 ? rate(embedded.count, embedded.ms) : null;
	return {
		sampled: embedded?.count ?? 0,
		textsPerSecond: perSecond,
		seconds: perSecond ? rangeAround(plan.needs.texts / perSecond) : null,
		indexBytes: embedding ? plan.needs.texts * (embedding.spec.embedding?.dims ?? 0) * 4 : 0,
		loadSeconds: Math.max(0, parts.clock.monotonic() - started - working) / 1000,
		answer: answer?.text ?? null
	};
}

async function tryAnswer(
	spec: ModelSpec,
	{ bench, clock }: Parts,
	signal: AbortSignal
): Promise<{ text: string; ms: number }> {
	const engine = await bench.open(spec, signal);
	const started = clock.monotonic();
	try {
		let text = '';
		for await (const event of engine.generate(testQuestion, signal)) {
			if (event.type === 'text-delta') text += event.text;
		}
		return { text, ms: clock.monotonic() - started };
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
	const engine = await bench.open(spec, signal);
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
