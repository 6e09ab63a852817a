/** A kind of file, and what a place is whose weights are of that kind. The first that fits is the reason. */
const kinds: readonly (readonly [file: RegExp, reason: (name: string) => string])[] = [
	[/\.gguf$/i, (name) => `it is a GGUF file (${name}), which needs llama.cpp`],
	[/^adapter_config\.json$/, () => 'it is a LoRA adapter, not a whole model; see the Tuner'],
	[/(^|\/)params_shard_\d+\.bin$/, () => 'mlc-chat-config.json is missing'],
	[/^onnx\//, () => 'its onnx folder has no .onnx file'],
	[/\.onnx$/i, (name) => `its ONNX file (${name}) is not in a folder named onnx`],
	[/(^|\/)openvino_model.*\.(xml|bin)$/, (name) => weightsOnly('OpenVINO', name)],
	[
		/(\.safetensors|\.pth?|\.ckpt|(^|\/)pytorch_model.*\.bin)$/i,
		(name) => weightsOnly('PyTorch', name)
	],
	[/\.h5$|(^|\/)saved_model\.pb$/i, (name) => weightsOnly('TensorFlow', name)],
	[/\.msgpack$/i, (name) => weightsOnly('Flax', name)],
	[/\.mlmodel$|\.mlpackage\//i, (name) => weightsOnly('Core ML', name)],
	[/\.(tflite|task|litertlm)$/i, (name) => weightsOnly('LiteRT', name)],
	[/\.(zip|7z|rar|tar|t?gz|zst)$/i, (name) => `it is an archive (${name}); unpack it first`],
	[/^config\.json$/, () => 'it has no weights: there is no onnx folder']
];

/** The exact reason why a place with these files, but without a model that SAM knows, is none. */
export function whyNotAModel(paths: readonly string[]): string {
	if (paths.length === 0) return 'it is empty';
	for (const [pattern, reason] of kinds) {
		const path = paths.find((each) => pattern.test(each));
		if (path !== undefined) return reason(path.slice(path.lastIndexOf('/') + 1));
	}
	return 'it has no config.json and no onnx folder';
}

function weightsOnly(runtime: string, name: string): string {
	return `it has ${runtime} weights only (${name}), and no onnx folder`;
}
