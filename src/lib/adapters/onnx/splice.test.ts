import { describe, expect, it } from 'vitest';
import { concatBytes } from '../../core/bytes.ts';
import { bytesInPieces } from '../../testing/bytes-in-pieces.ts';
import { readAll } from '../../testing/read-all.ts';
import { growth, spliceFile, type Splice } from './splice.ts';

const text = 'abcdefghijklmnopqrstuvwxyz';
const bytesOf = (value: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(value);

async function spliced(splices: readonly Splice[], piece: number, told = 26): Promise<string> {
	const body = bytesInPieces(bytesOf(text), piece);
	const file = spliceFile({ bytes: told, body }, splices, 'onnx/model.onnx');
	const bytes = await readAll(file.body);
	expect(file.bytes).toBe(bytes.byteLength);
	return new TextDecoder().decode(bytes);
}

const splice = (at: number, remove: number, insert: string): Splice => ({
	...{ at, remove },
	insert: bytesOf(insert)
});

describe.each([1, 2, 5, 26, 100])('spliceFile, in pieces of %d', (piece) => {
	it.each([
		['nothing', [], text],
		['at the beginning', [splice(0, 1, 'A')], `A${text.slice(1)}`],
		['at the end', [splice(26, 0, '!')], `${text}!`],
		['the end itself', [splice(24, 2, 'YZ')], `${text.slice(0, 24)}YZ`],
		['longer', [splice(3, 2, 'DDEE')], `abcDDEE${text.slice(5)}`],
		['shorter', [splice(3, 12, '')], `abc${text.slice(15)}`],
		[
			'side by side, in any order',
			[splice(5, 0, '>'), splice(2, 3, '_'), splice(5, 2, '<')],
			'ab_><hijklmnopqrstuvwxyz'
		]
	])('puts in %s', async (_, splices, whole) => {
		expect(await spliced(splices, piece)).toBe(whole);
	});

	it('does what cutting and joining would, for any splices', async () => {
		let state = piece;
		const next = (below: number): number => {
			state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
			return Math.floor((state / 2 ** 32) * below);
		};
		for (let round = 0; round < 100; round++) {
			const splices: Splice[] = [];
			const parts: string[] = [];
			let at = 0;
			while (at < 26) {
				const keep = 1 + next(5);
				const remove = Math.min(next(4), Math.max(26 - at - keep, 0));
				if (at + keep > 26) break;
				const insert = 'XYZ'.slice(next(3));
				splices.push(splice(at + keep, remove, insert));
				parts.push(text.slice(at, at + keep), insert);
				at += keep + remove;
			}
			parts.push(text.slice(at));
			expect(await spliced(splices.toReversed(), piece)).toBe(parts.join(''));
		}
	});
});

describe('spliceFile', () => {
	it.each([25, 27])('fails where the file is not as long as it was: %d', async (told) => {
		await expect(spliced([splice(3, 0, '!')], 5, told)).rejects.toMatchObject({
			code: 'storage/corrupt',
			details: { what: 'onnx/model.onnx' }
		});
	});

	it('reads nothing before it is asked, and lets go when nobody reads on', async () => {
		let pulls = 0;
		let isCancelled = false;
		const body = new ReadableStream<Uint8Array<ArrayBuffer>>(
			{
				pull(controller) {
					pulls++;
					controller.enqueue(bytesOf('abc'));
				},
				cancel: () => void (isCancelled = true)
			},
			{ highWaterMark: 0 }
		);
		const file = spliceFile({ bytes: 9, body }, [splice(1, 1, 'B')], 'model');
		expect(pulls).toBe(0);
		const reader = file.body.getReader();
		const first = await reader.read();
		expect(new TextDecoder().decode(concatBytes([first.value!]))).toBe('a');
		expect(pulls).toBe(1);
		await reader.cancel();
		expect(isCancelled).toBe(true);
	});

	it('says by how much a file grows', () => {
		expect(growth([splice(0, 3, 'ab'), splice(9, 0, 'abcd')])).toBe(3);
	});
});
