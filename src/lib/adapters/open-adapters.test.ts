import { expect, test } from 'vitest';
import { AppError } from '../core/errors.ts';
import type { AdapterId } from '../core/ids.ts';
import type { LoraModule } from './lora-module.ts';
import { openAdapters, type OpenableAdapters } from './open-adapters.ts';

const [style, law, gone] = ['style', 'law', 'gone'] as [AdapterId, AdapterId, AdapterId];
const { signal } = new AbortController();
const modules: readonly LoraModule[] = [
	{
		...{ module: 'model.layers.0.self_attn.q_proj', rank: 1, inSize: 1, outSize: 1, scale: 2 },
		...{ a: new Float32Array(1), b: new Float32Array(1) }
	}
];

function storeOf(damaged: readonly AdapterId[] = []): OpenableAdapters {
	return {
		get: async (id) => (id === gone ? undefined : { name: `My ${id}` }),
		open: async (id) => {
			if (damaged.includes(id)) throw new AppError('adapter/damaged', { details: { name: id } });
			return modules;
		}
	};
}

test('adapters are opened in their order, with name and strength', async () => {
	const uses = [
		{ adapter: law, strength: 0.5 },
		{ adapter: style, strength: 1 }
	];
	expect(await openAdapters(storeOf(), uses, signal)).toEqual([
		{ id: law, name: 'My law', strength: 0.5, modules },
		{ id: style, name: 'My style', strength: 1, modules }
	]);
});

test('one that is not here any more is an error, and names itself', async () => {
	const opening = openAdapters(storeOf(), [{ adapter: gone, strength: 1 }], signal);
	await expect(opening).rejects.toMatchObject({
		code: 'adapter/missing',
		details: { adapter: gone }
	});
});

test('one that is damaged is told apart from the others', async () => {
	const uses = [style, law].map((adapter) => ({ adapter, strength: 1 }));
	const opening = openAdapters(storeOf([law]), uses, signal);
	await expect(opening).rejects.toMatchObject({
		code: 'adapter/damaged',
		details: { name: law, adapter: law }
	});
});

test('nothing is opened for somebody who has gone', async () => {
	const opening = openAdapters(storeOf(), [{ adapter: style, strength: 1 }], AbortSignal.abort());
	await expect(opening).rejects.toMatchObject({ code: 'cancelled' });
});
