import { isConfig, type Config } from './config-reader.ts';

/** One quantisation of a model in ONNX format. */
export interface OnnxGraph {
	/** As the runtime names it. */
	readonly dtype: string;
	readonly path: string;
	/** The files beside it with its weights, in order; also those that should be there and are not. */
	readonly data: readonly string[];
}

/** What a file's name tells, by the runtime's names for quantisations. */
const suffixes: Readonly<Record<string, string>> = {
	fp32: '',
	fp16: '_fp16',
	q8: '_quantized',
	int8: '_int8',
	uint8: '_uint8',
	q4: '_q4',
	q4f16: '_q4f16',
	bnb4: '_bnb4'
};

/** The second is how chat models were exported for earlier versions of the runtime. */
const graphNames = ['model', 'decoder_model_merged'];

/** The graphs that the runtime can choose from, in no particular order. Empty when all have other names. */
export function findGraphs(paths: ReadonlySet<string>, config: Config): OnnxGraph[] {
	for (const name of graphNames) {
		const graphs = Object.entries(suffixes)
			.map(([dtype, suffix]) => ({ dtype, file: `${name}${suffix}.onnx` }))
			.filter(({ file }) => paths.has(`onnx/${file}`))
			.map(({ dtype, file }) => graphOf(paths, config, { dtype, file, name }));
		if (graphs.length > 0) return graphs;
	}
	return [];
}

interface Named {
	readonly dtype: string;
	readonly file: string;
	readonly name: string;
}

function graphOf(
	paths: ReadonlySet<string>,
	config: Config,
	{ dtype, file, name }: Named
): OnnxGraph {
	const path = `onnx/${file}`;
	const parts = new Set<number>();
	for (let part = 0; part < declaredParts(config, file, name); part++) parts.add(part);
	for (const each of paths) {
		const match = each.startsWith(path) && /^_data(?:_(\d+))?$/.exec(each.slice(path.length));
		if (match) parts.add(Number(match[1] ?? 0));
	}
	const data = [...parts].sort((a, b) => a - b);
	return { dtype, path, data: data.map((part) => `${path}_data${part === 0 ? '' : `_${part}`}`) };
}

/** How many files of weights the configuration promises for this graph. */
function declaredParts(config: Config, file: string, name: string): number {
	const settings = config['transformers.js_config'];
	const declared = isConfig(settings) ? settings.use_external_data_format : undefined;
	const own = isConfig(declared) ? (declared[file] ?? declared[name]) : declared;
	// More than a hundred is a mistake of the file, not a model.
	return typeof own === 'number' || typeof own === 'boolean' ? Math.min(Number(own), 100) : 0;
}
