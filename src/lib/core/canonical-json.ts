/**
 * JSON in which equal values are equal texts: keys sorted at every level, no spaces. Keys without a value are left out, as
 * JSON does; a value that JSON has no word for is null.
 */
export function canonicalJson(value: unknown): string {
	if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
	if (value !== null && typeof value === 'object') {
		const members = Object.entries(value)
			.filter(([, item]) => item !== undefined)
			.sort(([a], [b]) => (a < b ? -1 : 1))
			.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`);
		return `{${members.join(',')}}`;
	}
	return value === undefined ? 'null' : JSON.stringify(value);
}
