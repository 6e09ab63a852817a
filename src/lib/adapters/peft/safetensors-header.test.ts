import { describe, expect, it } from 'vitest';
import {
	rawSafetensors,
	writeSafetensors
} from '../../../../tests/fixtures/tiny-adapters/safetensors-writer.ts';
import { AppError } from '../../core/errors.ts';
import { memoryModelFiles } from '../../testing/memory-model-files.ts';
import { ByteCursor } from './byte-cursor.ts';
import { peftLimits } from './peft-limits.ts';
import { readSafetensorsHeader, type TensorEntry } from './safetensors-header.ts';

type Bytes = Uint8Array<ArrayBuffer>;

const path = 'adapter_model.safetensors';

async function headerOf(bytes: Bytes, told = bytes.byteLength): Promise<readonly TensorEntry[]> {
	const file = await memoryModelFiles(new Map([[path, bytes]]), 13).open(path);
	if (!file) throw new Error('no file');
	return readSafetensorsHeader(new ByteCursor(path, file), told);
}

/** A file with this header before eight bytes of data. */
function withHeader(header: unknown, dataBytes = 8): Bytes {
	const text = typeof header === 'string' ? header : JSON.stringify(header);
	return rawSafetensors(text, new Uint8Array(dataBytes));
}

const entry = { dtype: 'F32', shape: [2], data_offsets: [0, 8] };

/** Expects a refusal whose sentence holds these words. */
async function refused(bytes: Bytes, words: string, told?: number): Promise<void> {
	const error: unknown = await headerOf(bytes, told).catch((thrown: unknown) => thrown);
	expect(error).toBeInstanceOf(AppError);
	expect(error).toMatchObject({ code: 'adapter/unreadable' });
	expect((error as AppError).message).toContain(words);
}

describe('readSafetensorsHeader', () => {
	it('tells of the tensors in the order of their data', async () => {
		const values = new Float32Array(6);
		const bytes = writeSafetensors([
			{ name: 'b', dtype: 'F16', shape: [2, 3], values },
			{ name: 'a', dtype: 'F32', shape: [6], values },
			{ name: 'empty', dtype: 'BF16', shape: [0, 4], values: new Float32Array(0) }
		]);
		expect(await headerOf(bytes)).toMatchObject([
			{ name: 'b', format: 'F16', shape: [2, 3], count: 6 },
			{ name: 'a', format: 'F32', shape: [6], count: 6 },
			{ name: 'empty', format: 'BF16', count: 0 }
		]);
	});

	it('refuses a length that no file can have, without taking memory for it', async () => {
		for (const claimed of [9n, 2n ** 31n, 2n ** 53n + 1n, 2n ** 63n, 2n ** 64n - 1n])
			await refused(rawSafetensors('', new Uint8Array(8), claimed), 'longer than the file');
	});

	it('refuses a header that is far too long even where the file says that it is there', async () => {
		const claimed = BigInt(peftLimits.headerBytes + 1);
		await refused(
			rawSafetensors('{}', new Uint8Array(0), claimed),
			'far too long',
			peftLimits.headerBytes * 4
		);
	});

	it('refuses a file that is shorter than it says', async () => {
		const bytes = withHeader({ a: entry });
		await refused(bytes.slice(0, 20), 'ends too early', bytes.byteLength);
	});

	it.each(['', '{', 'null', '[]', '"a"', '{"a": 1e999}', '\u0000', '{"a": {"a": }}'])(
		'refuses %j as a header',
		async (header) => {
			await refused(withHeader(header), path);
		}
	);

	it('refuses letters that are no UTF-8', async () => {
		const bytes = withHeader({ aaaa: entry });
		bytes[11] = 0xff;
		await refused(bytes, 'should be JSON');
	});

	it('refuses two tensors of one name', async () => {
		const twice = `{"a": ${JSON.stringify(entry)}, "\\u0061": ${JSON.stringify(entry)}}`;
		await refused(withHeader(twice), 'names "a" twice');
	});

	it('refuses offsets that stand there twice', async () => {
		const header = '{"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8], "shape": [2]}}';
		await refused(withHeader(header), 'names "shape" twice');
	});

	it('refuses ten thousand tensors', async () => {
		const tensors = Array.from({ length: 10_000 }, (_, index) => [
			`t${index}`,
			{ dtype: 'F32', shape: [0], data_offsets: [0, 0] }
		]);
		await refused(withHeader(Object.fromEntries(tensors), 0), 'lists 10000 tensors');
	});

	it('refuses names that are as long as books', async () => {
		await refused(withHeader({ ['n'.repeat(1_000_000)]: entry }), 'has 1000000 characters');
	});

	it.each([
		[{ ...entry, dtype: 4 }],
		[{ ...entry, shape: [-2] }],
		[{ ...entry, shape: [1.5] }],
		[{ ...entry, shape: ['2'] }],
		[{ ...entry, shape: 2 }],
		[{ ...entry, shape: [2, 1, 1, 1, 1, 1, 1, 1, 1] }],
		[{ ...entry, shape: [2 ** 53] }],
		[{ ...entry, data_offsets: [0] }],
		[{ ...entry, data_offsets: [0, 8, 16] }],
		[{ ...entry, data_offsets: [-8, 0] }],
		[{ ...entry, data_offsets: [0.5, 8.5] }],
		[{ ...entry, data_offsets: null }],
		[{}],
		[null],
		[[]],
		[7]
	])('refuses a tensor that is told of as %j', async (told) => {
		await refused(withHeader({ a: told }), 'makes no sense');
	});

	it.each([
		[{ ...entry, shape: [3] }],
		[{ ...entry, dtype: 'F16' }],
		[{ ...entry, shape: [0] }],
		[{ ...entry, shape: [] }],
		[{ ...entry, data_offsets: [8, 0] }],
		[{ ...entry, shape: [2 ** 40, 2 ** 40, 2 ** 40] }],
		[{ ...entry, shape: [2 ** 52, 2 ** 52, 2 ** 52, 2 ** 52, 2 ** 52, 2 ** 52, 2 ** 52, 2 ** 52] }]
	])('refuses a size that does not fit its shape: %j', async (told) => {
		await refused(withHeader({ a: told }), 'does not fit its shape');
	});

	it('refuses tensors beyond the end, over one another, and with anything between or behind', async () => {
		const at = (from: number): unknown => ({ ...entry, data_offsets: [from, from + 8] });
		await refused(withHeader({ a: at(8) }, 8), 'lies beyond its end');
		await refused(withHeader({ a: at(0), b: at(4) }, 12), 'overlaps');
		await refused(withHeader({ a: at(0), b: at(0) }, 16), 'overlaps');
		await refused(withHeader({ a: at(4) }, 12), 'gap before a');
		await refused(withHeader({ a: at(0), b: at(12) }, 20), 'gap before b');
		await refused(withHeader({ a: at(0) }, 12), 'more bytes');
		await refused(withHeader({}, 1), 'more bytes');
	});

	it.each(['F64', 'I8', 'F8_E4M3', 'BOOL', 'f32', '__proto__', 'toString'])(
		'refuses numbers in the format %s by name',
		async (dtype) => {
			await expect(headerOf(withHeader({ a: { ...entry, dtype } }))).rejects.toMatchObject({
				code: 'adapter/unsupported',
				details: { what: expect.stringContaining(dtype) as string }
			});
		}
	);

	it('takes a name that other programs stumble over for a name', async () => {
		const header = `{"__proto__": ${JSON.stringify(entry)}}`;
		expect(await headerOf(withHeader(header))).toMatchObject([{ name: '__proto__' }]);
	});

	it('shows no more of a hostile name than fits into a sentence', async () => {
		const name = `\u202e${'x'.repeat(400)}\n`;
		const error: unknown = await headerOf(withHeader({ [name]: {} })).catch((e: unknown) => e);
		expect((error as AppError).message.length).toBeLessThan(250);
		expect((error as AppError).message).not.toMatch(/[\u202e\n]/);
	});
});
