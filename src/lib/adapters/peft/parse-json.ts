import { clip } from './clip.ts';
import { duplicateKey } from './duplicate-key.ts';
import { unreadable } from './refusals.ts';

/** The JSON object in these bytes. Errors: `adapter/unreadable`, also where a name stands twice in one object. */
export function parseJson(path: string, bytes: Uint8Array): Readonly<Record<string, unknown>> {
	const { text, value } = parse(path, bytes);
	if (typeof value !== 'object' || value === null || Array.isArray(value))
		throw unreadable(path, 'it holds no list of names');
	const twice = duplicateKey(text);
	if (twice !== undefined) throw unreadable(path, `it names "${clip(twice)}" twice`);
	return value as Readonly<Record<string, unknown>>;
}

function parse(path: string, bytes: Uint8Array): { text: string; value: unknown } {
	try {
		const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
		return { text, value: JSON.parse(text) as unknown };
	} catch (error) {
		throw unreadable(path, 'what should be JSON in it is none', error);
	}
}
