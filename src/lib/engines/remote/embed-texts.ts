import { hasCode } from '../../core/errors.ts';
import { countIn, fieldsOf, listIn } from './json-fields.ts';
import type { OpenAiServer } from './open-ai-server.ts';

/** Texts of one request: servers limit what they take at once. */
const batchSize = 32;
/** Below this, a text that is still too long is an error. In characters. */
const shortest = 64;

interface Embedding {
	readonly model: string;
	readonly signal: AbortSignal;
	/** Hears the place of a text of which only the beginning was read. */
	readonly onTruncated: (place: number) => void;
}

/**
 * Vectors of length 1, in the order of the texts. A text that is too long for the model is cut until it fits.
 * Errors: those of `OpenAiServer`.
 */
export async function embedTexts(
	server: OpenAiServer,
	texts: readonly string[],
	{ model, signal, onTruncated }: Embedding
): Promise<Float32Array[]> {
	const vectors: Float32Array[] = [];
	for (let at = 0; at < texts.length; at += batchSize) {
		const batch = texts.slice(at, at + batchSize);
		const embed = (some: readonly string[]): Promise<Float32Array[]> =>
			request(server, model, some, signal);
		try {
			vectors.push(...(await embed(batch)));
		} catch (error) {
			if (!hasCode(error, 'engine/context-overflow')) throw error;
			for (const [place, text] of batch.entries()) {
				vectors.push(await embedCut(text, embed, () => onTruncated(at + place)));
			}
		}
	}
	return vectors;
}

/** One text, shortened until the server takes it. */
async function embedCut(
	text: string,
	embed: (texts: readonly string[]) => Promise<Float32Array[]>,
	onCut: () => void
): Promise<Float32Array> {
	for (let rest = text; ; rest = beginningOf(rest)) {
		try {
			const [vector = new Float32Array()] = await embed([rest]);
			if (rest !== text) onCut();
			return vector;
		} catch (error) {
			if (!hasCode(error, 'engine/context-overflow') || rest.length <= shortest) throw error;
		}
	}
}

/** About two thirds of it, without half a character at the end. */
function beginningOf(text: string): string {
	return text.slice(0, Math.floor(text.length * 0.66)).replace(/[\uD800-\uDBFF]$/, '');
}

async function request(
	server: OpenAiServer,
	model: string,
	texts: readonly string[],
	signal: AbortSignal
): Promise<Float32Array[]> {
	// An empty text is refused by most.
	const input = texts.map((text) => (text === '' ? ' ' : text));
	const answer = await server.post(
		'/embeddings',
		{ model, input, encoding_format: 'float' },
		signal
	);
	const vectors = Array<Float32Array | undefined>(texts.length).fill(undefined);
	for (const [at, each] of listIn(answer, 'data').entries()) {
		const fields = fieldsOf(each);
		const values = listIn(fields, 'embedding');
		if (values.every((value) => typeof value === 'number')) {
			vectors[countIn(fields, 'index') ?? at] = normalised(values);
		}
	}
	return vectors.slice(0, texts.length).map((vector) => {
		if (!vector || vector.length === 0) throw server.badAnswer('a vector is missing in it');
		return vector;
	});
}

/** A vector of zeros stays as it is. */
function normalised(values: readonly number[]): Float32Array {
	const length = Math.hypot(...values) || 1;
	return Float32Array.from(values, (value) => value / length);
}
