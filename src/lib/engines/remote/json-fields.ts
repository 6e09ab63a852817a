/** A JSON object. Anything may stand in it. */
export type Fields = Readonly<Record<string, unknown>>;

/** The value where it is an object, else an empty one. */
export function fieldsOf(value: unknown): Fields {
	return isFields(value) ? value : {};
}

export function isFields(value: unknown): value is Fields {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The list in that field; an empty one where it is something else. */
export function listIn(fields: Fields, key: string): readonly unknown[] {
	const value = fields[key];
	return Array.isArray(value) ? value : [];
}

/** The first of these fields that is a text with something in it; else an empty one. */
export function textIn(fields: Fields, ...keys: readonly string[]): string {
	for (const key of keys) {
		const value = fields[key];
		if (typeof value === 'string' && value !== '') return value;
	}
	return '';
}

/** The first of these fields that is a whole number from 0; else undefined. */
export function countIn(fields: Fields, ...keys: readonly string[]): number | undefined {
	for (const key of keys) {
		const value = fields[key];
		if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
	}
	return undefined;
}
