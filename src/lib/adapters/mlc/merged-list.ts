import { editGrowth, type WeightEdit } from './merge-shard.ts';
import type { WeightList, WeightRecord, WeightShard } from './weight-list.ts';

/**
 * The list as it is once the edits are made: weights that were widened are written as they are, and what comes after
 * them in their file lies further on. Digests of files that change are left out.
 */
export function mergedList(
	list: WeightList,
	edits: ReadonlyMap<string, readonly WeightEdit[]>
): object {
	const { path: _, ...kept } = list;
	return {
		...kept,
		records: list.records.map((shard) => {
			const own = edits.get(shard.dataPath);
			return own ? mergedShard(shard, own) : shard;
		})
	};
}

function mergedShard(shard: WeightShard, edits: readonly WeightEdit[]): object {
	const { md5sum: _, ...kept } = shard as WeightShard & { readonly md5sum?: unknown };
	const growth = new Map(edits.map((edit) => [edit.branch.layer.record, editGrowth(edit)]));
	const growthOf = (record: WeightRecord): number => growth.get(record) ?? 0;
	/** Of everything that lies before that place. */
	const growthBefore = (place: number): number =>
		shard.records.reduce(
			(sum, record) => (record.byteOffset < place ? sum + growthOf(record) : sum),
			0
		);
	return {
		...kept,
		nbytes: shard.nbytes + growthBefore(Infinity),
		records: shard.records.map((record) => {
			const grown = growthOf(record);
			return {
				...record,
				format: grown > 0 ? 'raw' : record.format,
				byteOffset: record.byteOffset + growthBefore(record.byteOffset),
				nbytes: record.nbytes + grown
			};
		})
	};
}
