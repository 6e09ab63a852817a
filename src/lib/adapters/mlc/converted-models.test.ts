import { describe, expect, test } from 'vitest';
import { mlcMergeNames, readMlcMerge } from '../../../../tests/fixtures/mlc-merges/mlc-merge.ts';
import type { AdapterId } from '../../core/ids.ts';
import { memoryModelFiles } from '../../testing/memory-model-files.ts';
import { readMlcWeights } from '../../testing/mlc-weights.ts';
import type { AppliedAdapter } from '../applied-adapter.ts';
import type { LoraModule } from '../lora-module.ts';
import type { ModelFiles } from '../model-files.ts';
import { readPeft } from '../peft/read-peft.ts';
import { mergeFiles } from './merge-files.ts';

type Files = Map<string, Uint8Array<ArrayBuffer>>;

/** Made by another reading of the converter, and by PEFT itself: see tests/fixtures/mlc-merges. */
const names = mlcMergeNames();
const in32Bits = names.filter((name) => name.endsWith('-q0f32'));
const in16Bits = names.filter((name) => !in32Bits.includes(name));

async function read(files: ModelFiles): Promise<Files> {
	const all: Files = new Map();
	for (const path of files.paths) {
		const file = await files.open(path);
		if (file) all.set(path, new Uint8Array(await new Response(file.body).arrayBuffer()));
	}
	return all;
}

async function merged(base: Files, modules: readonly LoraModule[]) {
	const adapter: AppliedAdapter = { id: 'a' as AdapterId, name: 'A', strength: 1, modules };
	const { files, matches } = await mergeFiles(memoryModelFiles(base, 333), [adapter], 'Tiny');
	return { files: await read(files), matches };
}

/** As a number of the converter's 32-bit format: its upper half, rounded to even. */
function upperHalf(value: number): number {
	const bits = new Uint32Array(Float32Array.of(value).buffer);
	const [all = 0] = bits;
	bits[0] = (all + ((all >>> 16) & 1) + 0x7fff) & 0xffff0000;
	return new Float32Array(bits.buffer)[0] ?? Number.NaN;
}

function numbers(files: Files): Record<string, number[]> {
	return Object.fromEntries(
		[...readMlcWeights(files)].map(([name, values]) => [name, [...values]])
	);
}

describe('a model with an adapter merged as it is read', () => {
	test.each(in16Bits)(
		'is, to the last bit, what the converter makes of the merged model: %s',
		async (name) => {
			const { base, adapter, merged: expected } = readMlcMerge(name);
			const { modules } = await readPeft(memoryModelFiles(adapter));
			const { files, matches } = await merged(base, modules);
			expect(matches[0]).toMatchObject({ matched: modules.length, of: modules.length });
			expect(numbers(files)).toEqual(numbers(expected));
			expect(numbers(files)).not.toEqual(numbers(base));
		}
	);

	test.each(in32Bits)(
		'is the same in 32 bits, with more digits than the converter keeps: %s',
		async (name) => {
			const { base, adapter, merged: expected } = readMlcMerge(name);
			const { modules } = await readPeft(memoryModelFiles(adapter));
			const ours = numbers((await merged(base, modules)).files);
			const rounded = Object.entries(ours).map(([tensor, of]) => [tensor, of.map(upperHalf)]);
			expect(Object.fromEntries(rounded)).toEqual(numbers(expected));
		}
	);

	test('is there for each way of laying layers out', () => {
		const layouts = ['llama', 'qwen2', 'qwen3', 'qwen3_5', 'phi', 'phi3', 'gemma3_text'];
		expect(in16Bits).toEqual(expect.arrayContaining(layouts));
		expect(in32Bits).toContain('llama-q0f32');
	});

	test('keeps the place and the name of each tensor', async () => {
		const { base, adapter } = readMlcMerge('phi3');
		const { modules } = await readPeft(memoryModelFiles(adapter));
		const { files } = await merged(base, modules);
		const list = (of: Files): unknown =>
			JSON.parse(new TextDecoder().decode(of.get('tensor-cache.json')));
		expect(list(files)).toEqual(list(base));
	});
});
