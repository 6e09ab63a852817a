import { halfFloats } from '../adapters/onnx/half-floats.ts';
import { decodeFloats, floatSizes, type FloatFormat } from '../adapters/peft/float-decoding.ts';

export interface MlcTensor {
	readonly name: string;
	readonly shape: readonly number[];
	readonly format: FloatFormat;
	readonly values: Float32Array<ArrayBuffer>;
}

/** A tensor of numbers between -1 and 1 that all formats can hold, the same ones for the same name. */
export function mlcTensor(
	name: string,
	shape: readonly number[],
	format: FloatFormat = 'F16'
): MlcTensor {
	let state = new TextEncoder().encode(name).reduce((sum, byte) => (sum * 31 + byte) % 2 ** 32, 7);
	const length = shape.reduce((product, size) => product * size, 1);
	const values = Float32Array.from({ length }, () => {
		state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
		return Math.floor((state / 2 ** 32) * 129) / 64 - 1;
	});
	return { name, shape, format, values };
}

/** Files of weights and their list, as the converter of MLC writes them: one file for each group of tensors. */
export function mlcWeights(
	shards: readonly (readonly MlcTensor[])[],
	listName = 'tensor-cache.json'
): Map<string, Uint8Array<ArrayBuffer>> {
	const files = new Map<string, Uint8Array<ArrayBuffer>>();
	const records = shards.map((tensors, shard) => {
		const dataPath = `params_shard_${shard}.bin`;
		const written = tensors.map(({ format, values }) => encoded(format, values));
		const nbytes = written.reduce((sum, { byteLength }) => sum + byteLength, 0);
		const file = new Uint8Array(nbytes);
		let byteOffset = 0;
		const own = tensors.map(({ name, shape, format }, index) => {
			const bytes = written[index] ?? new Uint8Array();
			file.set(bytes, byteOffset);
			byteOffset += bytes.byteLength;
			return {
				...{ name, shape, dtype: format === 'F16' ? 'float16' : 'float32' },
				// The converter does not look at what it is that it writes this beside.
				format: format === 'F32' ? 'raw' : 'f32-to-bf16',
				...{ nbytes: bytes.byteLength, byteOffset: byteOffset - bytes.byteLength }
			};
		});
		files.set(dataPath, file);
		return { dataPath, format: 'raw-shard', nbytes, records: own, md5sum: 'of what it was' };
	});
	const list = JSON.stringify({ metadata: { ParamSize: 1 }, records });
	return files.set(listName, new TextEncoder().encode(list));
}

interface List {
	readonly records: readonly {
		readonly dataPath: string;
		readonly nbytes: number;
		readonly records: readonly {
			readonly name: string;
			readonly dtype: string;
			readonly format: string;
			readonly nbytes: number;
			readonly byteOffset: number;
		}[];
	}[];
}

/** The numbers of each tensor, as the runtime reads them by the list. */
export function readMlcWeights(
	files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>,
	listName = 'tensor-cache.json'
): Map<string, Float32Array> {
	const list = JSON.parse(new TextDecoder().decode(files.get(listName))) as List;
	const numbers = new Map<string, Float32Array>();
	for (const { dataPath, nbytes, records } of list.records) {
		const file = files.get(dataPath) ?? new Uint8Array();
		if (file.byteLength !== nbytes) throw new Error(`${dataPath} is not of the size in the list.`);
		for (const { name, dtype, format: stored, nbytes: own, byteOffset } of records) {
			const format = dtype === 'float16' ? 'F16' : stored === 'f32-to-bf16' ? 'BF16' : 'F32';
			const values = new Float32Array(own / floatSizes[format]);
			decodeFloats(new DataView(file.buffer, byteOffset, own), format, values);
			numbers.set(name, values);
		}
	}
	return numbers;
}

function encoded(format: FloatFormat, values: Float32Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
	if (format === 'F16') return new Uint8Array(halfFloats(values).buffer);
	if (format === 'F32') return new Uint8Array(values.slice().buffer);
	const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
	return new Uint8Array(Uint16Array.from(bits, (each) => each >>> 16).buffer);
}
