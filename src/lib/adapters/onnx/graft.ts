import type { GraphScan } from './graph-scan.ts';
import type { FloatFormat, LinearLayer } from './linear-layer.ts';
import { ProtobufWriter, varint } from './protobuf-writer.ts';
import type { SideBranch } from './side-branch.ts';
import { growth, type Splice } from './splice.ts';

const formats: Readonly<Record<FloatFormat, { readonly number: number; readonly bytes: number }>> =
	{
		float32: { number: 1, bytes: 4 },
		float16: { number: 10, bytes: 2 }
	};

/** Size of one number of a branch beside that layer. */
export function numberBytes({ format }: LinearLayer): number {
	return formats[format].bytes;
}

/**
 * What must change in a graph's file so that it computes the branches. Their weights lie in a file of their own,
 * `location`: for each branch A, then B, without gaps.
 */
export function graftSplices(
	scan: GraphScan,
	branches: readonly SideBranch[],
	location: string
): readonly Splice[] {
	const prefix = unusedPrefix(scan);
	const tensors = new ProtobufWriter();
	let offset = 0;
	const inside = branches.flatMap((branch, index) => {
		const { layer, rank } = branch;
		const name = `${prefix}${index}`;
		const weights = (part: string, rows: number, columns: number): void => {
			const length = rows * columns * numberBytes(layer);
			const tensor = new ProtobufWriter().integer(1, rows).integer(1, columns);
			tensor.integer(2, formats[layer.format].number).text(8, name + part);
			for (const [key, value] of Object.entries({ location, offset, length }))
				tensor.message(13, new ProtobufWriter().text(1, key).text(2, String(value)));
			tensors.message(5, tensor.integer(14, 1));
			offset += length;
		};
		weights('/A', layer.inSize, rank);
		weights('/B', rank, layer.outSize);
		return branchSplices(layer, name);
	});
	inside.push({ at: scan.place.content.end, remove: 0, insert: tensors.finish() });
	const { length, content } = scan.place;
	const grown = content.end - content.start + growth(inside);
	return [lengthSplice(length, grown), ...inside];
}

/** The layer gives its result another name, and what the branch adds to it takes the old one. */
function branchSplices({ input, end }: LinearLayer, name: string): Splice[] {
	const [output] = end.outputs;
	if (!output) return [];
	const base = `${name}/base`;
	const text = new TextEncoder().encode(base);
	const { start, end: behind } = output.span;
	const rename = { at: start, remove: behind - start, insert: counted(text) };
	const { length, content } = end.place;
	const nodes = new ProtobufWriter()
		.message(1, node('MatMul', [input, `${name}/A`], `${name}/down`))
		.message(1, node('MatMul', [`${name}/down`, `${name}/B`], `${name}/up`))
		.message(1, node('Add', [base, `${name}/up`], output.name, `${name}/sum`));
	return [
		lengthSplice(length, content.end - content.start + growth([rename])),
		rename,
		{ at: content.end, remove: 0, insert: nodes.finish() }
	];
}

function node(
	type: string,
	inputs: readonly string[],
	output: string,
	name = output
): ProtobufWriter {
	const writer = new ProtobufWriter();
	for (const input of inputs) writer.text(1, input);
	return writer.text(2, output).text(3, name).text(4, type);
}

function lengthSplice({ start, end }: { start: number; end: number }, value: number): Splice {
	return { at: start, remove: end - start, insert: varint(BigInt(value)) };
}

function counted(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
	return new Uint8Array([...varint(BigInt(bytes.byteLength)), ...bytes]);
}

/** Nothing in the graph is called so. */
function unusedPrefix({ nodes, tensors }: GraphScan): string {
	const isTaken = (prefix: string): boolean =>
		[...tensors.keys()].some((name) => name.startsWith(prefix)) ||
		nodes.some(({ name, inputs, outputs }) =>
			[name, ...inputs, ...outputs.map((output) => output.name)].some((each) =>
				each.startsWith(prefix)
			)
		);
	let prefix = '/lora_branch.';
	while (isTaken(prefix)) prefix = `/another${prefix}`;
	return prefix;
}
