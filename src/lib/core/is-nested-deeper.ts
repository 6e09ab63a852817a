/** Whether lists and objects lie in one another more than so many levels deep. Needs no stack of its own for that. */
export function isNestedDeeper(value: unknown, most: number): boolean {
	let level = [value];
	for (let depth = 0; depth <= most; depth++) {
		level = level.flatMap(itemsOf);
		if (level.length === 0) return false;
	}
	return true;
}

function itemsOf(value: unknown): unknown[] {
	return typeof value === 'object' && value !== null ? Object.values(value) : [];
}
