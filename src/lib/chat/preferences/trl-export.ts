import type { ChatMessage } from '../../core/generation.ts';
import { withoutCitationMarks } from '../citation-syntax.ts';
import type { PreferencePair } from './preference-pairs.ts';

/** How pairs are written for a trainer. */
export interface TrlOptions {
	/**
	 * `conversational`: lists of messages, which the trainer puts into the model's own chat template.
	 * `plain`: texts, for trainers and models without one.
	 */
	readonly form: 'conversational' | 'plain';
	/** The prompt as the engine was given it, with passages of the user's documents, where that was noted. */
	readonly passages: boolean;
	/** Columns for people besides the three that are trained on: `engine`, `model`, `adapters`, `date`. */
	readonly metadata: boolean;
}

/** Without Markdown code, in which such a mark is an index. */
const code = /(```[\s\S]*?(?:```|$)|`[^`\n]*`)/;

/**
 * JSON Lines as DPOTrainer of TRL reads them: an object with `prompt`, `chosen` and `rejected` for each pair, in their
 * order, each line ended. Without passages, marks that cite them are left out. Lone surrogates become U+FFFD. A pair
 * whose answers are the same after that is left out.
 */
export function trlLines(pairs: readonly PreferencePair[], options: TrlOptions): string[] {
	return pairs.flatMap((pair) => {
		const messages = options.passages ? (pair.given ?? pair.prompt) : pair.prompt;
		const cited = messages === pair.given || pair.given === null;
		const [chosen, rejected] = [pair.chosen, pair.rejected].map((text) =>
			(cited ? text : withoutMarks(text)).toWellFormed()
		) as [string, string];
		if (chosen.trim() === rejected.trim()) return [];
		const prompt = messages.map(({ role, content }) => ({ role, content: content.toWellFormed() }));
		const columns = options.metadata ? metadata(pair) : {};
		return [lineOf({ ...exampleOf(options.form, prompt, chosen, rejected), ...columns })];
	});
}

function exampleOf(
	form: TrlOptions['form'],
	prompt: readonly ChatMessage[],
	chosen: string,
	rejected: string
): Readonly<Record<string, unknown>> {
	if (form === 'plain') {
		return { prompt: transcript(prompt), chosen: ` ${chosen}`, rejected: ` ${rejected}` };
	}
	return { prompt, chosen: answered(chosen), rejected: answered(rejected) };
}

function answered(content: string): ChatMessage[] {
	return [{ role: 'assistant', content }];
}

/** Ends where the answer begins: trainers put one behind the other. */
function transcript(prompt: readonly ChatMessage[]): string {
	const names = { system: 'System', user: 'User', assistant: 'Assistant' };
	const turns = prompt.map(({ role, content }) => `${names[role]}: ${content}`);
	return [...turns, 'Assistant:'].join('\n\n');
}

/** All of them texts: a column of which some rows are empty lists has no type. */
function metadata({ engine, adapters, at }: PreferencePair): Readonly<Record<string, string>> {
	return {
		engine: engine.name.toWellFormed(),
		model: engine.model,
		adapters: adapters.join(' '),
		date: new Date(at).toISOString()
	};
}

function withoutMarks(text: string): string {
	return text
		.split(code)
		.map((part, i) => (i % 2 === 0 ? withoutCitationMarks(part) : part))
		.join('');
}

/** Some readers end a line at more than a line feed: what they would take for an end is escaped. */
function lineOf(example: Readonly<Record<string, unknown>>): string {
	const json = JSON.stringify(example);
	return `${json.replace(/[\u0085\u2028\u2029]/g, (end) => `\\u${end.charCodeAt(0).toString(16).padStart(4, '0')}`)}\n`;
}
