import { expect, test } from 'vitest';
import { matchPath } from './match-path.ts';

test.each([
	['config.json', 'config.json'],
	['params_shard_*.bin', 'params_shard_17.bin'],
	['*.json', 'tokenizer.json'],
	['onnx/*_q4*', 'onnx/model_q4.onnx'],
	['onnx/*_q4*', 'onnx/decoder_q4.onnx_data'],
	['a+(b)*.bin', 'a+(b)1.bin']
])('%s means %s', (pattern, path) => expect(matchPath(pattern, path)).toBe(true));

test.each([
	['*.json', 'onnx/config.json'],
	['*', 'onnx/config.json'],
	['config.json', 'xconfig.json'],
	['config.json', 'config.jsonl'],
	['config.json', 'configxjson'],
	['*.JSON', 'config.json']
])('%s does not mean %s', (pattern, path) => expect(matchPath(pattern, path)).toBe(false));
