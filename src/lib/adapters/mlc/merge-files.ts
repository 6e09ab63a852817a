import { AppError } from '../../core/errors.ts';
import type { AdaptedFiles } from '../adapted-files.ts';
import { insteadOfRounded } from '../adapter-support.ts';
import type { AppliedAdapter } from '../applied-adapter.ts';
import type { ModelFiles } from '../model-files.ts';
import { LayerIndex } from '../onnx/layer-index.ts';
import { planBranches } from '../onnx/plan-branches.ts';
import type { SideBranch } from '../onnx/side-branch.ts';
import { streamOf } from '../onnx/stream-of.ts';
import { mergedList } from './merged-list.ts';
import { mlcArchitecture } from './mlc-architecture.ts';
import { mergeShard, type WeightEdit } from './merge-shard.ts';
import { weightLayers, type WeightLayer } from './weight-layer.ts';
import { badModel, readWeightList, type WeightShard } from './weight-list.ts';

const configPath = 'mlc-chat-config.json';

/**
 * The files of an MLC model whose weights are not rounded, with the adapters added to the weights: W becomes
 * W + strength · scale · B·A, also in the parts of layers that the converter has packed into one. The list of weights is
 * read now; the weights change as they are read. `model` is its name, for messages. Without adapters, or with all at
 * strength 0, the files are those that were given.
 *
 * Errors: `adapter/no-match`, `adapter/wrong-shape`, `adapter/engine`, `engine/bad-model`, and those of the files.
 */
export async function mergeFiles(
	files: ModelFiles,
	adapters: readonly AppliedAdapter[],
	model: string
): Promise<AdaptedFiles> {
	if (adapters.length === 0) return { files, matches: [] };
	const list = await readWeightList(files, model);
	if (list.records.some(({ records }) => records.some(({ name }) => name.endsWith('.q_weight'))))
		throw rounded(model);
	const architecture = mlcArchitecture(await readConfig(files), model);
	const index = new LayerIndex(weightLayers(list.records, architecture, model));
	const placing = { name: model, index, heads: architecture.heads };
	const { branches, matches } = planBranches(adapters, placing, '');
	if (branches.length === 0) return { files, matches };
	const edits = editsByShard(branches, model);
	const text = new TextEncoder().encode(JSON.stringify(mergedList(list, edits)));
	const merged: ModelFiles = {
		paths: files.paths,
		open: async (path) => {
			if (path === list.path) return { bytes: text.byteLength, body: streamOf(once(text)) };
			const file = await files.open(path);
			const own = edits.get(path);
			return file && own ? mergeShard(file, own, path) : file;
		}
	};
	return { files: merged, matches };
}

/** Of each file, in its order. */
function editsByShard(
	branches: readonly SideBranch<WeightLayer>[],
	model: string
): ReadonlyMap<string, readonly WeightEdit[]> {
	const edits = Map.groupBy(
		branches.map((branch) => ({ branch, format: exactFormat(branch.layer, model) })),
		({ branch: { layer } }) => layer.shard.dataPath
	);
	for (const own of edits.values()) {
		own.sort((a, b) => startOf(a) - startOf(b));
		for (const edit of own) mustLieAlone(edit.branch.layer, model);
	}
	return edits;
}

function startOf({ branch: { layer } }: WeightEdit): number {
	return layer.record.byteOffset;
}

function exactFormat({ format, record }: WeightLayer, engine: string) {
	if (format) return format;
	const reason = `its weights are ${record.dtype} (${record.format}), and what an adapter adds to them would be rounded away`;
	throw new AppError('adapter/engine', { details: { engine, reason, instead: insteadOfRounded } });
}

/** What is changed in one layer must not show up in another one. */
function mustLieAlone({ record, shard }: WeightLayer, model: string): void {
	const overlaps = (other: WeightShard['records'][number]): boolean =>
		other !== record &&
		other.byteOffset < record.byteOffset + record.nbytes &&
		record.byteOffset < other.byteOffset + other.nbytes;
	const other = shard.records.find(overlaps);
	if (other) throw badModel(model, `${record.name} and ${other.name} lie in the same place`);
}

/** Null where there is none that could be understood. */
async function readConfig(files: ModelFiles): Promise<unknown> {
	const file = await files.open(configPath);
	if (!file) return null;
	try {
		return JSON.parse(await new Response(file.body).text());
	} catch (error) {
		if (error instanceof SyntaxError) return null;
		throw error;
	}
}

function rounded(engine: string): AppError {
	const reason =
		'its weights are rounded to a few bits. To add the adapter they would have to be rounded again, and that rounds most of the adapter’s small change away';
	return new AppError('adapter/engine', { details: { engine, reason, instead: insteadOfRounded } });
}

function* once(bytes: Uint8Array<ArrayBuffer>): Generator<Uint8Array<ArrayBuffer>> {
	yield bytes;
}
