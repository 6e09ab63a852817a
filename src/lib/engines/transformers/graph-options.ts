const graph = /(?:^|\/)([^/]+?)(?:_(?:fp16|quantized|int8|uint8|q4|q4f16|bnb4))?\.onnx$/;
const externalData = /\.onnx_data(?:_\d+)?$/;

/**
 * What the runtime must be told of a model's graph: it guesses a name, and believes `config.json`, which may be silent
 * or wrong, about the files of weights beside it.
 */
export function graphOptions(paths: readonly string[]): {
	readonly model_file_name?: string;
	/** Number of files. */
	readonly use_external_data_format: number;
} {
	const name = paths.map((path) => graph.exec(path)?.[1]).find((found) => found !== undefined);
	return {
		...(name === undefined ? {} : { model_file_name: name }),
		use_external_data_format: paths.filter((path) => externalData.test(path)).length
	};
}
