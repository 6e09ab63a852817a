import type { ChatMessage } from '../../core/generation.ts';
import type { AdapterId } from '../../core/ids.ts';
import type { EngineChoice } from '../../core/setup.ts';
import { withoutCitationMarks } from '../citation-syntax.ts';

/** How examples are written for a trainer. */
export interface TrlOptions {
	/**
	 * `conversational`: lists of messages, which the trainer puts into the model's own chat template.
	 * `plain`: texts, for trainers and models without one.
	 */
	readonly form: 'conversational' | 'plain';
	/** The prompt as the engine was given it, with passages of the user's documents, where that was noted. */
	readonly passages: boolean;
	/** Columns for people besides those that are trained on: `engine`, `model`, `adapters`, `date`. */
	readonly metadata: boolean;
}

/** What an example is made of, besides its answers. */
export interface Asked {
	readonly prompt: readonly ChatMessage[];
	readonly given: readonly ChatMessage[] | null;
	readonly engine: EngineChoice;
	readonly adapters: readonly AdapterId[];
	/** Epoch milliseconds. */
	readonly at: number;
}

/** Without Markdown code, in which such a mark is an index. */
const code = /(```[\s\S]*?(?:```|$)|`[^`\n]*`)/;

/**
 * As it is exported: without marks of passages that do not go along, and valid Unicode. `own`: what the engine that
 * wrote it was given, which are other passages where the other answer comes from another chat.
 */
export function exportedAnswer(
	{ given }: Asked,
	text: string,
	{ passages }: TrlOptions,
	own = given
): string {
	const isPlain = own === null || (passages && areSame(own, given));
	return (isPlain ? text : withoutMarks(text)).toWellFormed();
}

/**
 * An example as a line of JSON, ended. `answers`: the columns that hold one, as `exportedAnswer` has made them.
 * `more`: other columns that are trained on.
 */
export function trlLine(
	asked: Asked,
	answers: Readonly<Record<string, string>>,
	options: TrlOptions,
	more: Readonly<Record<string, boolean>> = {}
): string {
	const { prompt, given } = asked;
	const messages = ((options.passages ? given : null) ?? prompt).map(({ role, content }) => ({
		role,
		content: content.toWellFormed()
	}));
	const plain = options.form === 'plain';
	const columns = Object.entries(answers).map(([column, text]) => [
		column,
		plain ? ` ${text}` : [{ role: 'assistant', content: text }]
	]);
	return ended({
		prompt: plain ? transcript(messages) : messages,
		...(Object.fromEntries(columns) as Readonly<Record<string, unknown>>),
		...more,
		...(options.metadata ? metadata(asked) : {})
	});
}

/** Ends where the answer begins: trainers put one behind the other. */
function transcript(prompt: readonly ChatMessage[]): string {
	const names = { system: 'System', user: 'User', assistant: 'Assistant' };
	const turns = prompt.map(({ role, content }) => `${names[role]}: ${content}`);
	return [...turns, 'Assistant:'].join('\n\n');
}

/** All of them texts: a column of which some rows are empty lists has no type. */
function metadata({ engine, adapters, at }: Asked): Readonly<Record<string, string>> {
	return {
		engine: engine.name.toWellFormed(),
		model: engine.model,
		adapters: adapters.join(' '),
		date: new Date(at).toISOString()
	};
}

function areSame(one: readonly ChatMessage[], other: readonly ChatMessage[] | null): boolean {
	return one === other || JSON.stringify(one) === JSON.stringify(other);
}

function withoutMarks(text: string): string {
	return text
		.split(code)
		.map((part, i) => (i % 2 === 0 ? withoutCitationMarks(part) : part))
		.join('');
}

/** Some readers end a line at more than a line feed: what they would take for an end is escaped. */
function ended(example: Readonly<Record<string, unknown>>): string {
	const json = JSON.stringify(example).replace(
		/[\u0085\u2028\u2029]/g,
		(end) => `\\u${end.charCodeAt(0).toString(16).padStart(4, '0')}`
	);
	return `${json}\n`;
}
