import {
	maxAdapterText,
	type AdapterFile,
	type AdapterModule,
	type AdapterRow
} from '../adapters/adapter-records.ts';
import { peftLimits } from '../adapters/peft/peft-limits.ts';

/** More than any adapter has: a row from a file must not take all memory. */
const maxModules = 10_000;
/** Its configuration, the list of its weights, and these. */
const maxFiles = 2 + peftLimits.shards;

/** Whether that is a row of an adapter as SAM may have written it. */
export function isAdapterRow(row: unknown): row is AdapterRow {
	if (!isObject(row)) return false;
	const { id, name, addedAt, source, base, rank, modules, isZero, files, bytes } =
		row as Partial<AdapterRow>;
	const { wanted, strength } = row as Partial<AdapterRow>;
	return (
		isSha256(id) &&
		isText(name) &&
		isAmount(addedAt) &&
		isText(source) &&
		isBase(base) &&
		isCount(rank) &&
		isList(modules, maxModules, isModule) &&
		typeof isZero === 'boolean' &&
		isList(files, maxFiles, isFile) &&
		isCount(bytes) &&
		typeof wanted === 'boolean' &&
		isAmount(strength) &&
		strength <= 2
	);
}

function isBase(base: unknown): boolean {
	if (!isObject(base)) return false;
	const { name, identity, model, guessed = false } = base as Partial<AdapterRow['base']>;
	const known = identity === null || (isObject(identity) && Object.values(identity).every(isFact));
	return isText(name) && known && (model === null || isText(model)) && typeof guessed === 'boolean';
}

/** One thing that is known of a base, or is not. */
function isFact(value: unknown): boolean {
	return value === null || isText(value) || isCount(value);
}

function isModule(each: unknown): boolean {
	if (!isObject(each)) return false;
	const { module, rank, inSize, outSize } = each as Partial<AdapterModule>;
	return isText(module) && isCount(rank) && isCount(inSize) && isCount(outSize);
}

function isFile(each: unknown): boolean {
	if (!isObject(each)) return false;
	const { path, bytes, sha256, parts } = each as Partial<AdapterFile>;
	return isText(path) && isCount(bytes) && isSha256(sha256) && isCount(parts);
}

function isList(value: unknown, most: number, isOne: (each: unknown) => boolean): boolean {
	return Array.isArray(value) && value.length <= most && value.every(isOne);
}

function isObject(value: unknown): value is object {
	return typeof value === 'object' && value !== null;
}

function isSha256(value: unknown): boolean {
	return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
}

function isText(value: unknown): boolean {
	return typeof value === 'string' && value.length <= maxAdapterText;
}

function isCount(value: unknown): boolean {
	return Number.isSafeInteger(value) && Number(value) >= 0;
}

function isAmount(value: unknown): value is number {
	return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}
