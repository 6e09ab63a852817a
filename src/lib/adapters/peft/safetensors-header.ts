import * as z from 'zod/mini';
import type { ByteCursor } from './byte-cursor.ts';
import { clip } from './clip.ts';
import { floatSizes, type FloatFormat } from './float-decoding.ts';
import { parseJson } from './parse-json.ts';
import { peftLimits } from './peft-limits.ts';
import { unreadable, unsupported } from './refusals.ts';

/** A tensor as a header describes it, checked against the size of its file. */
export interface TensorEntry {
	readonly name: string;
	readonly format: FloatFormat;
	readonly shape: readonly number[];
	/** Product of the shape. */
	readonly count: number;
}

interface Placed extends TensorEntry {
	readonly from: number;
	readonly until: number;
}

/** A header's length stands before it in so many bytes. */
const lengthBytes = 8;
const maxAxes = 8;
const size = z.int().check(z.minimum(0));
const entry = z.object({
	dtype: z.string(),
	shape: z.array(size).check(z.maxLength(maxAxes)),
	data_offsets: z.tuple([size, size])
});

/**
 * Reads the header of a safetensors file of `fileBytes` bytes from its start: its tensors, in the order of their data,
 * which begins where the cursor then stands, has no gaps and ends with the file. Nothing is believed: the memory taken is
 * bounded by `peftLimits`, whatever the file claims. Errors: `adapter/unreadable`, `adapter/unsupported` for number
 * formats.
 */
export async function readSafetensorsHeader(
	cursor: ByteCursor,
	fileBytes: number
): Promise<readonly TensorEntry[]> {
	const { path } = cursor;
	if (fileBytes < lengthBytes) throw unreadable(path, 'it ends too early');
	const length = new Uint8Array(lengthBytes);
	await cursor.fill(length);
	// As a BigInt: a length of 2^53 and more would be rounded, perhaps to one that passes.
	const claimed = new DataView(length.buffer).getBigUint64(0, true);
	if (claimed > BigInt(fileBytes - lengthBytes))
		throw unreadable(path, 'its header is longer than the file');
	if (claimed > BigInt(peftLimits.headerBytes))
		throw unreadable(path, 'its header is far too long');
	const json = new Uint8Array(Number(claimed));
	await cursor.fill(json);
	const named = Object.entries(parseJson(path, json)).filter(([name]) => name !== '__metadata__');
	if (named.length > peftLimits.tensors)
		throw unreadable(
			path,
			`it lists ${named.length} tensors, and an adapter has ${peftLimits.tensors} at most`
		);
	const tensors = named.map(([name, value]) => readEntry(path, name, value));
	tensors.sort((a, b) => a.from - b.from || a.until - b.until);
	checkLayout(path, tensors, fileBytes - lengthBytes - json.byteLength);
	return tensors;
}

function readEntry(path: string, name: string, value: unknown): Placed {
	if (name.length > peftLimits.nameLength)
		throw unreadable(path, `a name in it has ${name.length} characters`);
	const parsed = entry.safeParse(value);
	if (!parsed.success)
		throw unreadable(path, `what it tells of ${clip(name)} makes no sense`, parsed.error);
	const { dtype, shape, data_offsets: offsets } = parsed.data;
	const [from, until] = offsets;
	if (!isFloatFormat(dtype))
		throw unsupported(
			`weights in the number format ${clip(dtype)}`,
			'Save it again with its weights as float32, float16 or bfloat16.'
		);
	// Beyond 2^53 products are rounded, but then they are larger than any file, too.
	const count = shape.reduce((product, axis) => product * axis, 1);
	if (count * floatSizes[dtype] !== until - from)
		throw unreadable(path, `the size of ${clip(name)} does not fit its shape`);
	return { name, format: dtype, shape, count, from, until };
}

function isFloatFormat(dtype: string): dtype is FloatFormat {
	return Object.hasOwn(floatSizes, dtype);
}

/** The tensors must lie one behind the other and fill the file: nothing twice, nothing hidden between. */
function checkLayout(path: string, tensors: readonly Placed[], dataBytes: number): void {
	let end = 0;
	for (const { name, from, until } of tensors) {
		if (until > dataBytes) throw unreadable(path, `${clip(name)} lies beyond its end`);
		if (from < end) throw unreadable(path, `${clip(name)} overlaps with another tensor`);
		if (from > end) throw unreadable(path, `there is a gap before ${clip(name)}`);
		end = until;
	}
	if (end !== dataBytes) throw unreadable(path, 'it holds more bytes than its header tells of');
}
