/** `a`, `a and b`, `a, b and c`. Of more than `most`, the rest is a number: `a, b and 5 more`. */
export function spokenList(items: readonly string[], most = 4): string {
	const shown = items.length > most ? items.slice(0, most - 1) : items;
	const left = items.length - shown.length;
	const parts = left > 0 ? [...shown, `${left} more`] : shown;
	if (parts.length < 2) return parts[0] ?? '';
	return `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}
