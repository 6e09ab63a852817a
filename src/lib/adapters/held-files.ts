import { throwIfAborted } from '../core/abort.ts';
import type { HasherFactory } from '../ports/hasher.ts';
import type { AdapterFile } from './adapter-records.ts';
import type { ModelFiles } from './model-files.ts';
import { ByteCursor } from './peft/byte-cursor.ts';
import { peftLimits } from './peft/peft-limits.ts';
import { notPeft } from './peft/refusals.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** A part of a file of an adapter is this large at most. */
const partBytes = 4 * 2 ** 20;

/** A file in memory, in parts. */
export interface HeldFile {
	readonly facts: AdapterFile;
	readonly parts: readonly Bytes[];
}

/**
 * Reads these files once, hashing them on the way: what is checked and stored later is what was hashed, even where the
 * files change meanwhile. Errors: `adapter/not-peft` where they are missing or too large, `adapter/unreadable` where one
 * has another size than it says, `cancelled`, and those of the files.
 */
export async function holdFiles(
	files: ModelFiles,
	paths: readonly string[],
	hashers: HasherFactory,
	signal: AbortSignal
): Promise<readonly HeldFile[]> {
	const held: HeldFile[] = [];
	let room: number = peftLimits.weightBytes;
	for (const path of paths) {
		const file = await files.open(path);
		if (!file) throw notPeft(`${path} is missing`);
		const cursor = new ByteCursor(path, file);
		try {
			room -= file.bytes;
			if (room < 0) throw notPeft('it is larger than 2 GiB, more than a browser can work with');
			const hasher = await hashers.create();
			const parts: Bytes[] = [];
			for (let at = 0; at < file.bytes; at += partBytes) {
				throwIfAborted(signal);
				const part = new Uint8Array(Math.min(partBytes, file.bytes - at));
				await cursor.fill(part);
				await hasher.update(part);
				parts.push(part);
			}
			await cursor.expectEnd();
			const sha256 = await hasher.digest();
			held.push({ facts: { path, bytes: file.bytes, sha256, parts: parts.length }, parts });
		} finally {
			await cursor.close();
		}
	}
	return held;
}

/** The same as files that can be read, as often as one likes. */
export function filesFrom(held: readonly HeldFile[]): ModelFiles {
	return {
		paths: held.map(({ facts }) => facts.path),
		open: (path) => {
			const file = held.find(({ facts }) => facts.path === path);
			return Promise.resolve(file && { bytes: file.facts.bytes, body: streamOf(file.parts) });
		}
	};
}

function streamOf(parts: readonly Bytes[]): ReadableStream<Bytes> {
	const rest = parts.values();
	return new ReadableStream<Bytes>(
		{
			pull(controller) {
				const { done, value } = rest.next();
				if (done) controller.close();
				else controller.enqueue(value);
			}
		},
		{ highWaterMark: 0 }
	);
}
