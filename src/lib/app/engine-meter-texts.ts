import type { GenerateRequest } from '../core/generation.ts';

const sentences = [
	'Water boils at one hundred degrees Celsius at sea level, and at less on a mountain.',
	'The library lends books for four weeks; a late return costs twenty cents a day.',
	'Bees keep the hive warm in winter by moving their wings without flying.',
	'Bleed the radiators before the boiler is filled up to one and a half bar.',
	'A ship that comes from the right has the right of way, unless it is anchored.',
	'Bread dough rests twice: once in the bowl, and once in the form it is baked in.',
	'Plants turn light, water and carbon dioxide into sugar, and give oxygen back.',
	'The last train to the coast leaves at twenty past ten from platform seven.'
];

/** So many texts in a row are of different lengths; then it starts again. */
export const textLengths = sentences.length;

/** Texts of one to eight sentences, as passages of documents are. No two are equal. */
export function textsToEmbed(count: number): string[] {
	return Array.from({ length: count }, (_, at) => {
		const length = 1 + (at % textLengths);
		const picked = Array.from({ length }, (_each, i) => sentences[(at + i) % textLengths]);
		return `Note ${at + 1}. ${picked.join(' ')}`;
	});
}

/** Two requests of the same size that have nothing in common: an engine that remembers the first gains nothing. */
export const requestsToAnswer: readonly [GenerateRequest, GenerateRequest] = [
	requestOf(sentences.slice(0, 4), 'What do bees do in winter, and why?'),
	requestOf(sentences.slice(4), 'How long does the dough of bread rest?')
];

function requestOf(texts: readonly string[], question: string): GenerateRequest {
	const passages = texts.map((text, at) => ({ n: at + 1, title: `Note ${at + 1}`, text }));
	const content = [...passages.map(({ n, text }) => `[${n}] ${text}`), question].join('\n');
	return {
		question,
		messages: [{ role: 'user', content }],
		passages,
		maxTokens: 64,
		reasoningTokens: 32,
		temperature: 0,
		seed: 1
	};
}
