import { AppError } from '../../core/errors.ts';
import type { ModelFiles } from '../model-files.ts';

/** One tensor in a file of weights. */
export interface WeightRecord {
	readonly name: string;
	readonly shape: readonly number[];
	/** Of the numbers in memory, such as `float16`. */
	readonly dtype: string;
	/** How they are written: `f32-to-bf16` for the upper halves of 32-bit floats; for others it means as little as `raw`. */
	readonly format: string;
	/** Where its bytes begin in the file. */
	readonly byteOffset: number;
	readonly nbytes: number;
}

/** One file of weights. */
export interface WeightShard {
	readonly dataPath: string;
	readonly nbytes: number;
	readonly records: readonly WeightRecord[];
}

/** What lists the weights of an MLC model. Other members of the JSON are kept as they are. */
export interface WeightList {
	readonly path: string;
	readonly records: readonly WeightShard[];
}

/** The first that there is, as the engine looks for them. */
const names = ['tensor-cache.json', 'ndarray-cache.json'] as const;

/**
 * Reads the list of weights. `model` is for messages. Errors: `storage/missing`, those of the files, `engine/bad-model`
 * where it is not such a list, or a tensor lies outside its file.
 */
export async function readWeightList(files: ModelFiles, model: string): Promise<WeightList> {
	const path = names.find((name) => files.paths.includes(name)) ?? names[0];
	const file = await files.open(path);
	if (!file) throw new AppError('storage/missing', { details: { what: path } });
	const list = parsed(await new Response(file.body).text());
	if (!isList(list)) throw badModel(model, `${path} is no list of weights`);
	const shards = list.records as readonly WeightShard[];
	for (const { dataPath, nbytes, records } of shards)
		for (const { name, byteOffset, nbytes: own } of records)
			if (byteOffset + own > nbytes) throw badModel(model, `${name} lies outside of ${dataPath}`);
	return { ...list, path, records: shards };
}

export function badModel(name: string, reason: string): AppError {
	return new AppError('engine/bad-model', { details: { name, reason } });
}

type Fields = Readonly<Record<string, unknown>>;

function parsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return null;
	}
}

function isList(value: unknown): value is Fields {
	return isFields(value) && Array.isArray(value.records) && value.records.every(isShard);
}

function isShard(value: unknown): boolean {
	return (
		isFields(value) &&
		typeof value.dataPath === 'string' &&
		isCount(value.nbytes) &&
		Array.isArray(value.records) &&
		value.records.every(isRecord)
	);
}

function isRecord(value: unknown): boolean {
	return (
		isFields(value) &&
		[value.name, value.dtype, value.format].every((each) => typeof each === 'string') &&
		isCount(value.byteOffset) &&
		isCount(value.nbytes) &&
		Array.isArray(value.shape) &&
		value.shape.every(isCount)
	);
}

function isFields(value: unknown): value is Fields {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCount(value: unknown): value is number {
	return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
