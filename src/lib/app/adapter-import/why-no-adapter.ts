/** Why there is no adapter among those files, as a clause; `where` is told where it helps, e.g. `in checkpoint-500`. */
export function whyNoAdapter(paths: readonly string[], where = ''): string {
	const has = (name: RegExp): boolean => paths.some((path) => name.test(path));
	const missing = ['adapter_config.json is missing', where].filter(Boolean).join(' ');
	if (has(/(^|\/)adapter_model[\w.-]*\.(safetensors|bin)$/))
		return `${missing}; it tells how the weights beside it are meant`;
	if (has(/\.gguf$/i)) return 'it is a GGUF file, which is made for llama.cpp';
	if (has(/(^|\/)(model|pytorch_model)[\w.-]*\.(safetensors|bin)$/) || has(/\.onnx$/))
		return 'it is a whole model; models are added in Core Engines';
	if (has(/\.(zip|tar|gz|7z)$/i)) return 'it is an archive, which has to be unpacked first';
	return missing;
}
