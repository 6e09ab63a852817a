import type { ChatMessage } from '../../core/generation.ts';
import type { PreferenceRow } from './preference-records.ts';

export interface PreferenceEdit {
	/** The last message of the prompt. An empty one is ignored. */
	readonly question?: string;
	/** Empty: missing from now on. */
	readonly chosen?: string;
	/** Empty: missing from now on. */
	readonly rejected?: string;
}

/** The row with that changed. */
export function editedPreference(row: PreferenceRow, edit: PreferenceEdit): PreferenceRow {
	const { chosen, rejected } = edit;
	return {
		...withQuestion(row, edit.question?.trim()),
		...(chosen === undefined ? {} : { chosen: textOrNull(chosen) }),
		...(rejected === undefined ? {} : { rejected: textOrNull(rejected) })
	};
}

function withQuestion(row: PreferenceRow, question: string | undefined): PreferenceRow {
	const old = row.prompt.at(-1)?.content;
	if (!question || old === undefined || question === old) return row;
	const prompt = withLast(row.prompt, question);
	const sent = row.given?.at(-1)?.content;
	// The question stands behind the passages. Where it does not, what was given is of another question now.
	const given =
		row.given && sent?.endsWith(old)
			? withLast(row.given, sent.slice(0, sent.length - old.length) + question)
			: null;
	return { ...row, prompt, given };
}

function withLast(messages: readonly ChatMessage[], content: string): ChatMessage[] {
	return [...messages.slice(0, -1), { role: 'user', content }];
}

function textOrNull(text: string): string | null {
	return text.trim() ? text : null;
}
