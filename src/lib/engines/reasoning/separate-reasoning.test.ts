import { describe, expect, test } from 'vitest';
import type { EndReason } from '../../core/generation.ts';
import type { GenerateDelta } from '../base-model-engine.ts';
import type { GenerateOutcome } from '../generation-meter.ts';
import { separateReasoning } from './separate-reasoning.ts';

const format = { open: '<think>', close: '</think>', opened: false };
const text = (piece: string): GenerateDelta => ({ type: 'text-delta', text: piece });
const reasoning = (piece: string): GenerateDelta => ({ type: 'reasoning-delta', text: piece });

async function* stream(
	deltas: readonly GenerateDelta[],
	reason: EndReason = 'stop'
): AsyncGenerator<GenerateDelta, GenerateOutcome> {
	await Promise.resolve();
	yield* deltas;
	return { reason, completionTokens: deltas.length };
}

async function readAll(source: AsyncGenerator<GenerateDelta, GenerateOutcome>) {
	const deltas: GenerateDelta[] = [];
	for (;;) {
		const next = await source.next();
		if (next.done) return { deltas, outcome: next.value };
		deltas.push(next.value);
	}
}

describe('separateReasoning', () => {
	test('makes reasoning of what stands between the marks, and keeps how it ended', async () => {
		const source = stream(['<th', 'ink>', 'Hm.', '</think>', '\n\n', 'Four.'].map(text));
		expect(await readAll(separateReasoning(source, format))).toEqual({
			deltas: [reasoning('Hm.'), text('Four.')],
			outcome: { reason: 'stop', completionTokens: 6 }
		});
	});

	test('gives what was held back at the end', async () => {
		const source = stream([text('1 <')]);
		const { deltas } = await readAll(separateReasoning(source, format));
		expect(deltas).toEqual([text('1 '), text('<')]);
	});

	test('answers with reasoning that was never closed, if the model ended of itself', async () => {
		const opened = { ...format, opened: true };
		const source = (): AsyncGenerator<GenerateDelta, GenerateOutcome> => stream([text('Four.')]);
		const { deltas } = await readAll(separateReasoning(source(), opened));
		expect(deltas).toEqual([reasoning('Four.'), text('Four.')]);
	});

	test.each(['length', 'cancelled'] as const)('leaves it reasoning on %s', async (reason) => {
		const source = stream([text('Four.')], reason);
		const read = await readAll(separateReasoning(source, { ...format, opened: true }));
		expect(read.deltas).toEqual([reasoning('Four.')]);
		expect(read.outcome.reason).toBe(reason);
	});

	test('passes reasoning on that is apart already, and the text after it as it is', async () => {
		const deltas = [reasoning('Hm. '), reasoning('Yes.'), text('Use <think>.')];
		const read = await readAll(separateReasoning(stream(deltas), { ...format, opened: true }));
		expect(read.deltas).toEqual(deltas);
	});

	test('gives what was held back before an error', async () => {
		const failing = (async function* (): AsyncGenerator<GenerateDelta, GenerateOutcome> {
			await Promise.resolve();
			yield text('a <');
			throw new Error('lost');
		})();
		const separated = separateReasoning(failing, format);
		expect((await separated.next()).value).toEqual(text('a '));
		expect((await separated.next()).value).toEqual(text('<'));
		await expect(separated.next()).rejects.toThrow('lost');
	});

	test('ends the source when its reader walks away', async () => {
		let ended = false;
		const source = (async function* (): AsyncGenerator<GenerateDelta, GenerateOutcome> {
			try {
				await Promise.resolve();
				yield text('a');
				yield text('b');
				return { reason: 'stop' };
			} finally {
				ended = true;
			}
		})();
		const separated = separateReasoning(source, format);
		await separated.next();
		await separated.return({ reason: 'cancelled' });
		expect(ended).toBe(true);
	});
});
