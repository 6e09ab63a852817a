import { expect, test } from 'vitest';
import { whyNoAdapter } from './why-no-adapter.ts';

test.each([
	[['adapter_model.safetensors'], 'it tells how the weights beside it are meant'],
	[['lora.gguf'], 'llama.cpp'],
	[['config.json', 'model.safetensors'], 'it is a whole model'],
	[['onnx/model_q4.onnx'], 'it is a whole model'],
	[['adapter.zip'], 'unpacked first'],
	[['notes.txt'], 'adapter_config.json is missing']
])('%j: %s', (paths, reason) => expect(whyNoAdapter(paths)).toContain(reason));

test('where it was looked for is told', () => {
	expect(whyNoAdapter([], 'in checkpoint-5 of acme/lora')).toBe(
		'adapter_config.json is missing in checkpoint-5 of acme/lora'
	);
});
