import { AppError } from '../core/errors.ts';
import type { HasherFactory } from '../ports/hasher.ts';
import type { RecordStore } from '../ports/record-store.ts';
import { adapterPartStore, type AdapterFile, type AdapterRow } from './adapter-records.ts';
import type { ModelFiles } from './model-files.ts';

interface Parts {
	readonly records: RecordStore;
	readonly hashers: HasherFactory;
}

/**
 * The files of a stored adapter. Every byte is hashed as it is read: a file that is not what was stored ends in
 * `adapter/damaged` before its end.
 */
export function storedAdapterFiles(
	parts: Parts,
	row: Pick<AdapterRow, 'name' | 'files'>
): ModelFiles {
	return {
		paths: row.files.map(({ path }) => path),
		open: (path) => {
			const file = row.files.find((each) => each.path === path);
			return Promise.resolve(
				file && { bytes: file.bytes, body: checkedStream(parts, row.name, file) }
			);
		}
	};
}

function checkedStream(
	{ records, hashers }: Parts,
	name: string,
	file: AdapterFile
): ReadableStream<Uint8Array<ArrayBuffer>> {
	const damaged = (): AppError => new AppError('adapter/damaged', { details: { name } });
	const hashing = hashers.create();
	let part = 0;
	let left = file.bytes;
	return new ReadableStream<Uint8Array<ArrayBuffer>>(
		{
			async pull(controller) {
				const hasher = await hashing;
				if (part === file.parts) {
					if (left !== 0 || (await hasher.digest()) !== file.sha256) throw damaged();
					controller.close();
					return;
				}
				const row = await records.get(adapterPartStore, [file.sha256, part++]);
				if (!row || row.bytes.byteLength > left) throw damaged();
				left -= row.bytes.byteLength;
				await hasher.update(row.bytes);
				controller.enqueue(row.bytes);
			}
		},
		{ highWaterMark: 0 }
	);
}
