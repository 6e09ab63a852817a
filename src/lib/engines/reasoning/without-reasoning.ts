import type { ReasoningFormat } from '../../core/model-spec.ts';
import { ReasoningParser } from './reasoning-parser.ts';

/** What is left of a whole answer that may still have its reasoning in it, also where the opening mark is missing. */
export function withoutReasoning(text: string, format: ReasoningFormat): string {
	const answer = answerIn(text, { ...format, opened: false });
	// Marks that are quoted as code change nothing.
	if (answer === text.trimStart()) return text;
	const [beginning = ''] = text.split(format.close, 1);
	const isOpened = beginning !== text && !beginning.includes(format.open);
	return isOpened ? answerIn(text, { ...format, opened: true }) : answer;
}

function answerIn(text: string, format: ReasoningFormat): string {
	const parser = new ReasoningParser(format);
	const deltas = [...parser.push(text), ...parser.end('length')];
	return deltas.map((delta) => (delta.type === 'text-delta' ? delta.text : '')).join('');
}
