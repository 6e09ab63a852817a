import { adapterIdOf } from '../adapters/adapter-id.ts';
import { adapterPartStore, adapterStore, type AdapterRow } from '../adapters/adapter-records.ts';
import { hashPart } from '../library/store/hash-part.ts';
import type { RecordStore } from '../ports/record-store.ts';
import { write } from '../ports/store-write.ts';
import { adapterRowOf } from './adapter-row-of.ts';

/** An adapter of one file in two parts, stored as a real one is; its bytes depend on its name. */
export async function storeAdapter(
	records: RecordStore,
	name: string,
	parts: Partial<AdapterRow> = {}
): Promise<AdapterRow> {
	const bodies = ['first', 'second'].map((half) => new TextEncoder().encode(`${half} of ${name}`));
	const whole = new Uint8Array(await new Blob(bodies).arrayBuffer());
	const sha256 = await hashPart(whole);
	const file = { path: 'adapter_model.safetensors', bytes: whole.byteLength, sha256, parts: 2 };
	const row = adapterRowOf(name, {
		...{ id: await adapterIdOf([file]), files: [file], bytes: file.bytes },
		...parts
	});
	await records.commit([
		write.put(adapterStore, row),
		...bodies.map((bytes, part) => write.put(adapterPartStore, { sha256, part, bytes }))
	]);
	return row;
}
