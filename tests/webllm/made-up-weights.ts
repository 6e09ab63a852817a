import { seededRandom, type Random } from '../fixtures/tiny-models/random.ts';
import type { LibraryParameter } from './library-metadata.ts';

/** As publishers cut them. */
const shardBytes = 32 * 2 ** 20;

interface TensorRecord {
	readonly name: string;
	readonly shape: readonly number[];
	readonly dtype: string;
	readonly format: 'f32-to-bf16' | 'raw';
	readonly nbytes: number;
	readonly byteOffset: number;
}

/** `tensor-cache.json` and its shards for these parameters: numbers that mean nothing, the same ones each time. */
export function madeUpWeights(parameters: readonly LibraryParameter[]): Map<string, Uint8Array> {
	const random = seededRandom(20);
	const files = new Map<string, Uint8Array>();
	const shards: object[] = [];
	let pieces: Uint8Array[] = [];
	let records: TensorRecord[] = [];
	let size = 0;
	const cut = (): void => {
		if (pieces.length === 0) return;
		const dataPath = `params_shard_${shards.length}.bin`;
		files.set(dataPath, Buffer.concat(pieces));
		shards.push({ dataPath, format: 'raw-shard', nbytes: size, records });
		[pieces, records, size] = [[], [], 0];
	};
	for (const parameter of parameters) {
		const bytes = tensorBytes(parameter, random);
		if (size + bytes.byteLength > shardBytes) cut();
		const format = parameter.dtype === 'float32' ? 'f32-to-bf16' : 'raw';
		const { name, shape, dtype } = parameter;
		records.push({ name, shape, dtype, format, nbytes: bytes.byteLength, byteOffset: size });
		pieces.push(bytes);
		size += bytes.byteLength;
	}
	cut();
	const list = JSON.stringify({ metadata: { ParamSize: parameters.length }, records: shards });
	return files.set('tensor-cache.json', Buffer.from(list));
}

function tensorBytes({ name, shape, dtype }: LibraryParameter, random: Random): Uint8Array {
	const count = shape.reduce((product, size) => product * size, 1);
	const isNorm = /norm/i.test(name) && name.endsWith('weight');
	const value = (): number => (isNorm ? 1 : name.endsWith('bias') ? 0 : random() * 0.05);
	if (dtype === 'float32') return new Uint8Array(bfloats(count, value).buffer);
	if (dtype === 'float16') return new Uint8Array(halves(count, value).buffer);
	// Packed weights: any bits are weights.
	const bytes = new Uint8Array(count * (Number(/\d+$/.exec(dtype)?.[0] ?? 32) / 8));
	return bytes.map((_, at) => (at * 31 + name.length) & 255);
}

/** The upper halves of 32-bit numbers. */
function bfloats(count: number, value: () => number): Uint16Array {
	const floats = Float32Array.from({ length: count }, value);
	const words = new Uint16Array(floats.buffer);
	return Uint16Array.from({ length: count }, (_, at) => words[at * 2 + 1] ?? 0);
}

/** 16-bit numbers, without those that are too small to be written plainly. */
function halves(count: number, value: () => number): Uint16Array {
	return Uint16Array.from({ length: count }, () => {
		const number = value();
		if (Math.abs(number) < 2 ** -14) return 0;
		const exponent = Math.floor(Math.log2(Math.abs(number)));
		const fraction = Math.floor((Math.abs(number) / 2 ** exponent - 1) * 1024);
		return (number < 0 ? 0x8000 : 0) | ((exponent + 15) << 10) | fraction;
	});
}
