/**
 * A name that stands twice in one object of this JSON, which must be valid. `JSON.parse` keeps the last without a word:
 * two readers of the same file may then see different things.
 */
export function duplicateKey(json: string): string | undefined {
	/** The names of each open object; null for an open list. */
	const open: (Set<string> | null)[] = [];
	for (let at = 0; at < json.length; at++) {
		const character = json[at];
		if (character === '{') open.push(new Set());
		else if (character === '[') open.push(null);
		else if (character === '}' || character === ']') open.pop();
		else if (character === '"') {
			const start = at;
			at = endOfString(json, start);
			const names = open.at(-1);
			if (!names || !colonFollows(json, at + 1)) continue;
			const name = JSON.parse(json.slice(start, at + 1)) as string;
			if (names.has(name)) return name;
			names.add(name);
		}
	}
	return undefined;
}

/** Where the closing quotation mark is. */
function endOfString(json: string, start: number): number {
	let at = start + 1;
	while (json[at] !== '"') at += json[at] === '\\' ? 2 : 1;
	return at;
}

function colonFollows(json: string, from: number): boolean {
	let at = from;
	while (json[at] === ' ' || json[at] === '\n' || json[at] === '\r' || json[at] === '\t') at++;
	return json[at] === ':';
}
