import type { ModelFiles } from '../model-files.ts';
import { ByteCursor } from './byte-cursor.ts';
import { parseJson } from './parse-json.ts';
import { notPeft, unreadable } from './refusals.ts';

/** A JSON file of at most `maxBytes`. Errors: `adapter/not-peft` when it is not there, `adapter/unreadable`. */
export async function readJson(
	files: ModelFiles,
	path: string,
	maxBytes: number
): Promise<Readonly<Record<string, unknown>>> {
	const file = await files.open(path);
	if (!file) throw notPeft(`${path} is missing`);
	const cursor = new ByteCursor(path, file);
	try {
		if (file.bytes > maxBytes) throw unreadable(path, 'it is far too large');
		const bytes = new Uint8Array(file.bytes);
		await cursor.fill(bytes);
		await cursor.expectEnd();
		return parseJson(path, bytes);
	} finally {
		await cursor.close();
	}
}
