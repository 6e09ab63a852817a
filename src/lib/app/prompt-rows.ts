import { canonicalJson } from '../core/canonical-json.ts';
import type { PromptRow } from './test-prompts.ts';

/** No prompt of a person's is longer. */
const maxLength = 20_000;

/** Whether that is a test prompt as the user may have kept it. */
export function isPromptRow(row: unknown): row is PromptRow {
	if (typeof row !== 'object' || row === null) return false;
	const { id, text, createdAt, position } = row as Partial<PromptRow>;
	return isText(id) && isText(text) && Number.isFinite(createdAt) && Number.isSafeInteger(position);
}

/** What differs, a line for each prompt. */
export function promptChanges(
	present: readonly PromptRow[],
	wanted: readonly PromptRow[]
): string[] {
	const [before, after] = [byId(present), byId(wanted)];
	const changes = [
		...present
			.filter(({ id }) => !after.has(id))
			.map(({ text }) => `Test prompt removed: “${text}”`),
		...wanted.filter(({ id }) => !before.has(id)).map(({ text }) => `Test prompt added: “${text}”`),
		...wanted.flatMap(({ id, text }) => {
			const old = before.get(id);
			return old && old !== text ? [`Test prompt: “${old}” → “${text}”`] : [];
		})
	];
	if (changes.length === 0 && canonicalJson(present) !== canonicalJson(wanted)) {
		changes.push('Test prompts: in another order');
	}
	return changes;
}

function byId(rows: readonly PromptRow[]): ReadonlyMap<string, string> {
	return new Map(rows.map(({ id, text }) => [id, text]));
}

function isText(value: unknown): boolean {
	return typeof value === 'string' && value.length > 0 && value.length <= maxLength;
}
