import { beforeEach, expect, test } from 'vitest';
import { AppError } from '../core/errors.ts';
import type { IndexId } from '../core/ids.ts';
import { AnsweringWorld, onnxModel } from '../testing/answering-world.ts';
import { embedderFor } from './embedder-for.ts';
import type { LiveIndex } from './index-maintainer.ts';

const [first, second] = [onnxModel('First'), onnxModel('Second')];
const signal = new AbortController().signal;
const inUse: LiveIndex = { index: 'index-first' as IndexId, spec: first, inUse: true };
let world: AnsweringWorld;

beforeEach(async () => {
	world = new AnsweringWorld([first, second], []);
	await world.setup.initialise(world.setupOf(first));
});

test('the index in use is filled by the engine in use, which stays', async () => {
	const embedder = await embedderFor(world, inUse, signal);
	expect(await embedder.embed(['a', 'b'], 'passage', signal)).toHaveLength(2);
	await embedder.close();
	expect(world.pool.status('embedding')).toBe('ready');
});

test('an engine that fails between two texts is started anew, and loses none', async () => {
	let failures = 1;
	world.scripts.set('first', {
		vectors: (texts) => {
			if (failures-- > 0) throw new AppError('engine/device-lost');
			return texts.map(() => new Float32Array(8).fill(0.5));
		}
	});
	const embedder = await embedderFor(world, inUse, signal);
	expect(await embedder.embed(['a', 'b'], 'passage', signal)).toHaveLength(2);
	expect(world.loads).toEqual(['first auto', 'first auto']);
});

test('vectors of another engine never reach the index', async () => {
	const embedder = await embedderFor(world, inUse, signal);
	await world.tryOut(world.setupOf(first), world.setupOf(first, second));
	const embedding = embedder.embed(['a'], 'passage', signal);
	await expect(embedding).rejects.toMatchObject({ code: 'cancelled' });
});

test('an index that is kept is filled by an engine of its own, which is closed', async () => {
	const opened: string[] = [];
	const kept: LiveIndex = { ...inUse, inUse: false };
	const pool = {
		open: async () => ({
			...{ dims: 8, device: 'cpu' as const },
			embed: () => Promise.resolve([]),
			generate: () => {
				throw new Error('not asked for');
			},
			close: async () => void opened.push('closed')
		})
	};
	const embedder = await embedderFor({ embedding: world.embedding, pool }, kept, signal);
	await embedder.close();
	expect([opened, world.loads]).toEqual([['closed'], []]);
});
