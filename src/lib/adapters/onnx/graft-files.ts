import { AppError } from '../../core/errors.ts';
import type { AdaptedFiles } from '../adapted-files.ts';
import type { AppliedAdapter } from '../applied-adapter.ts';
import type { ModelFile, ModelFiles } from '../model-files.ts';
import { findLayers } from './find-layers.ts';
import { graftSplices, numberBytes } from './graft.ts';
import { halfFloats } from './half-floats.ts';
import { LayerIndex } from './layer-index.ts';
import { readHeadWidths, type HeadWidths } from './packed-layers.ts';
import { planBranches } from './plan-branches.ts';
import { refuseTooLarge } from './refuse-too-large.ts';
import { scanGraph } from './scan-graph.ts';
import { downWeights, upWeights, type SideBranch } from './side-branch.ts';
import { spliceFile } from './splice.ts';
import { streamOf } from './stream-of.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/**
 * The files of an ONNX model with the adapters grafted into its graph: a side branch y + (x·A)·B beside each layer that
 * they change, whatever number format its weights have. The graph is read once now, and changed as it is read again;
 * the adapters' numbers come as one more file of external data. `model` is its name, for messages. Without adapters, or
 * with all at strength 0, the files are those that were given.
 *
 * Errors: `adapter/no-match`, `adapter/wrong-shape`, `adapter/engine`, `engine/bad-model`, and those of the files.
 */
export async function graftFiles(
	files: ModelFiles,
	adapters: readonly AppliedAdapter[],
	model: string
): Promise<AdaptedFiles> {
	if (adapters.length === 0) return { files, matches: [] };
	const path = graphPath(files, model);
	const scan = await scanGraph(await openFile(files, path), model);
	const index = new LayerIndex(findLayers(scan));
	const hint = scan.hasInnerGraphs
		? ', and parts of it lie within others, where SAM cannot go'
		: '';
	const placing = { name: model, index, heads: await headWidths(files) };
	const { branches, matches } = planBranches(adapters, placing, hint);
	if (branches.length === 0) return { files, matches };
	refuseTooLarge(branches, adapters, model);
	const dataPath = freeDataPath(files.paths, path);
	const splices = graftSplices(scan, branches, dataPath.slice(dataPath.lastIndexOf('/') + 1));
	const grafted: ModelFiles = {
		paths: [...files.paths, dataPath],
		open: async (wanted) => {
			if (wanted === dataPath) return branchData(branches);
			const file = await files.open(wanted);
			return file && wanted === path
				? spliceFile({ bytes: scan.bytes, body: file.body }, splices, path)
				: file;
		}
	};
	return { files: grafted, matches };
}

function graphPath({ paths }: ModelFiles, engine: string): string {
	const [path, ...others] = paths.filter((each) => each.endsWith('.onnx'));
	if (path !== undefined && others.length === 0) return path;
	const reason = path === undefined ? 'it has no ONNX graph' : 'it is made of several graphs';
	const instead = 'Use a variant of the same model that comes as one graph.';
	throw new AppError('adapter/engine', { details: { engine, reason, instead } });
}

async function openFile(files: ModelFiles, path: string): Promise<ModelFile> {
	const file = await files.open(path);
	if (!file) throw new AppError('storage/missing', { details: { what: path } });
	return file;
}

async function headWidths(files: ModelFiles): Promise<HeadWidths | null> {
	const file = await files.open('config.json');
	if (!file) return null;
	try {
		return readHeadWidths(JSON.parse(await new Response(file.body).text()));
	} catch (error) {
		if (error instanceof SyntaxError) return null;
		throw error;
	}
}

/** The runtime asks for as many files of external data as it is told there are, and counts through their names. */
function freeDataPath(paths: readonly string[], graph: string): string {
	let path = `${graph}_data`;
	for (let count = 1; paths.includes(path); count++) path = `${graph}_data_${count}`;
	return path;
}

function branchData(branches: readonly SideBranch[]): ModelFile {
	const bytes = branches.reduce(
		(sum, { layer, rank }) => sum + (layer.inSize + layer.outSize) * rank * numberBytes(layer),
		0
	);
	return { bytes, body: streamOf(branchNumbers(branches)) };
}

function* branchNumbers(branches: readonly SideBranch[]): Generator<Bytes> {
	for (const branch of branches) {
		for (const weights of [downWeights, upWeights]) {
			const numbers = weights(branch);
			const written = branch.layer.format === 'float16' ? halfFloats(numbers) : numbers;
			yield new Uint8Array(written.buffer);
		}
	}
}
