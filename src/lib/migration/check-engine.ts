import { AppError } from '../core/errors.ts';
import type { GenerateRequest } from '../core/generation.ts';
import type { Json } from '../core/json.ts';
import type { BenchEngine } from './migration-ports.ts';

/** Two GPU runs of one text may differ in the last bits; two texts never come this close. */
const sameDirection = 0.9999;

const samples = [
	'The lighthouse keeper writes the log.',
	'Bread needs flour, water and time.'
] as const;

const question: GenerateRequest = {
	question: 'What colour is the sky in the passage? Answer briefly.',
	messages: [{ role: 'user', content: 'What colour is the sky in the passage? Answer briefly.' }],
	passages: [{ n: 1, title: 'Sky', text: 'The sky is blue on a clear day.' }],
	maxTokens: 24,
	reasoningTokens: 8,
	temperature: 0,
	seed: 1
};

/** Embeds known texts. Errors: `migration/canary-failed` with what is wrong with the vectors. */
export async function checkEmbedding(
	engine: BenchEngine,
	dims: number,
	signal: AbortSignal
): Promise<Json> {
	const vectors = await engine.embed(samples, 'passage', signal);
	const [again] = await engine.embed([samples[0]], 'passage', signal);
	const [one, other] = vectors;
	if (!one || !other || !again) throw failed('it returned fewer vectors than texts');
	for (const vector of [one, other, again]) {
		if (vector.length !== dims)
			throw failed(`its vectors have ${vector.length} values, not ${dims}`);
		if (!vector.every(Number.isFinite)) throw failed('its vectors have values that are no numbers');
		if (vector.every((value) => value === 0)) throw failed('its vectors are empty');
	}
	if (cosine(one, again) < sameDirection) throw failed('the same text gave two different vectors');
	if (cosine(one, other) >= sameDirection) throw failed('different texts gave the same vector');
	return { dims };
}

/** Generates a short answer. Errors: `migration/canary-failed` when there is no text, or no end. */
export async function checkAnswer(engine: BenchEngine, signal: AbortSignal): Promise<Json> {
	let text = '';
	let ended = false;
	for await (const event of engine.generate(question, signal)) {
		// A model that is still thinking when its tokens are spent works all the same.
		if (event.type === 'end') ended = event.reason !== 'cancelled';
		else text += event.text;
	}
	if (text.trim() === '') throw failed('it answered with nothing');
	if (!ended) throw failed('its answer has no end');
	return { answer: text.trim().slice(0, 200) };
}

function failed(reason: string): AppError {
	return new AppError('migration/canary-failed', { details: { reason } });
}

function cosine(a: Float32Array, b: Float32Array): number {
	let dot = 0;
	let aa = 0;
	let bb = 0;
	for (const [at, x] of a.entries()) {
		const y = b[at] ?? 0;
		dot += x * y;
		aa += x * x;
		bb += y * y;
	}
	return dot / Math.sqrt(aa * bb);
}
