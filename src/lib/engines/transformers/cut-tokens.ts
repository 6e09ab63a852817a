/**
 * At most `limit` tokens. Where the tokenizer closed the text with a special token, the cut text is closed with it
 * too: models have never seen a text without.
 */
export function cutTokens(
	ids: readonly number[],
	limit: number | null,
	specialIds: readonly number[]
): readonly number[] {
	if (limit === null || ids.length <= limit) return ids;
	const last = ids.at(-1);
	if (last === undefined || !specialIds.includes(last)) return ids.slice(0, limit);
	return [...ids.slice(0, limit - 1), last];
}
