import { expect, test } from 'vitest';
import { AppError } from '../core/errors.ts';
import type { IndexId, Sha256 } from '../core/ids.ts';
import type { ModelSpec } from '../core/model-spec.ts';
import { nextTask } from '../core/next-task.ts';
import { indexSpec } from '../testing/index-spec.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { IndexMaintainer, type LiveIndex, type MaintenanceState } from './index-maintainer.ts';

/** Indexes as sets of embedded texts, over one list of documents' texts. */
function world(
	texts: string[],
	failing: readonly string[] = [],
	answered: Promise<void> = Promise.resolve()
) {
	const embedded = new Map<string, Set<string>>();
	const opened: string[] = [];
	const closed: string[] = [];
	const live: LiveIndex[] = [];
	/** Texts that were stored as cut: those that end in 7. */
	const cut: string[] = [];
	const states: (MaintenanceState | null)[] = [];
	const errors: (AppError | null)[] = [];
	const addIndex = (name: string, inUse = true) => {
		embedded.set(name, new Set());
		live.push({ index: name as IndexId, spec: { id: name } as unknown as ModelSpec, inUse });
	};
	const of = (index: IndexId) => embedded.get(index) ?? new Set<string>();
	const maintainer = new IndexMaintainer({
		knowledge: {
			missingTexts: async (index, limit) =>
				texts
					.filter((text) => !of(index).has(text))
					.slice(0, limit)
					.map((text) => ({ textHash: text as Sha256, text })),
			addVectors: async (index, rows) => {
				for (const row of rows) of(index).add(row.textHash);
				cut.push(...rows.filter((row) => row.truncated).map((row) => row.textHash));
			},
			indexState: async (id) => ({
				id,
				spec: indexSpec(),
				texts: texts.length,
				embedded: of(id).size,
				truncated: 0,
				search: 'exact' as const
			}),
			textPlaces: async () => []
		},
		clock: new ManualClock(),
		whenIdle: () => answered,
		liveIndexes: async () => live,
		embedder: async ({ index }) => {
			opened.push(index);
			return {
				embed: async (batch, _purpose, _signal, onTruncated) => {
					onTruncated?.([...batch.keys()].filter((at) => batch[at]?.endsWith('7')));
					if (batch.some((text) => text === 'odd')) throw new AppError('engine/embed-failed');
					if (failing.includes(index)) throw new AppError('engine/device-lost');
					return batch.map(() => new Float32Array([1]));
				},
				close: async () => {
					closed.push(index);
				}
			};
		}
	});
	maintainer.onChange((state, error) => {
		states.push(state);
		errors.push(error);
	});
	return { maintainer, addIndex, embedded, cut, opened, closed, states, errors, texts };
}

const manyTexts = Array.from({ length: 40 }, (_, i) => `text ${i}`);

test('brings every live index up to date', async () => {
	const { maintainer, addIndex, embedded } = world([...manyTexts]);
	addIndex('active');
	addIndex('previous', false);
	await maintainer.run();
	expect([...embedded.values()].map((set) => set.size)).toEqual([40, 40]);
});

test('stores which texts the model read only the beginning of', async () => {
	const { maintainer, addIndex, cut } = world([...manyTexts]);
	addIndex('active');
	await maintainer.run();
	expect(cut).toEqual(['text 7', 'text 17', 'text 27', 'text 37']);
});

test('embeds all but the text that cannot be embedded, and says that one is missing', async () => {
	const { maintainer, addIndex, embedded, errors } = world(['odd', ...manyTexts]);
	addIndex('active');
	await maintainer.run();
	expect(embedded.get('active')?.size).toBe(40);
	expect(errors.at(-1)).toMatchObject({ code: 'index/incomplete', details: { missing: 1 } });
});

test('lets the user be answered first', async () => {
	const { promise, resolve } = Promise.withResolvers<undefined>();
	const { maintainer, addIndex, embedded } = world([...manyTexts], [], promise);
	addIndex('active');
	const pass = maintainer.run();
	await nextTask();
	expect(embedded.get('active')?.size).toBe(0);
	resolve(undefined);
	await pass;
	expect(embedded.get('active')?.size).toBe(40);
});

test('opens no engine for an index that is complete', async () => {
	const { maintainer, addIndex, opened } = world([]);
	addIndex('active');
	await maintainer.run();
	expect(opened).toEqual([]);
});

test('completes the index in use even when the old engine is gone, and says what failed', async () => {
	const { maintainer, addIndex, embedded, errors, closed } = world([...manyTexts], ['previous']);
	addIndex('previous', false);
	addIndex('active');
	await maintainer.run();
	expect(embedded.get('active')?.size).toBe(40);
	expect(embedded.get('previous')?.size).toBe(0);
	expect(errors.at(-1)?.code).toBe('engine/device-lost');
	// Opened anew twice, before it is given up.
	expect(closed).toEqual(['previous', 'previous', 'previous', 'active']);
});

test('a pass that is asked for while one runs sees what was added meanwhile', async () => {
	const { maintainer, addIndex, embedded, texts } = world([...manyTexts]);
	addIndex('active');
	const first = maintainer.run();
	await Promise.resolve();
	texts.push('late');
	await Promise.all([first, maintainer.run()]);
	expect(embedded.get('active')?.has('late')).toBe(true);
});

test('a pass after the last one has ended embeds what was added since', async () => {
	const { maintainer, addIndex, embedded, texts } = world([]);
	addIndex('active');
	await maintainer.run();
	texts.push('new');
	await maintainer.run();
	expect(embedded.get('active')?.has('new')).toBe(true);
});

test('tells how far it is, then that it rests', async () => {
	const { maintainer, addIndex, states } = world([...manyTexts]);
	addIndex('active');
	await maintainer.run();
	expect(states.map((state) => state?.embedded ?? null)).toEqual([32, 40, null]);
});

test('a pass that is stopped embeds no more, and leaves the rest for the next one', async () => {
	const { maintainer, addIndex, embedded, opened } = world([...manyTexts]);
	addIndex('active');
	addIndex('previous', false);
	maintainer.onChange(() => maintainer.stop());
	await maintainer.run();
	expect(embedded.get('active')?.size).toBe(32);
	expect(opened).toEqual(['active']);
});

test('a pass that waits is dropped when the tab steps back, and a later one runs', async () => {
	const { maintainer, addIndex, embedded } = world([...manyTexts]);
	addIndex('active');
	const dropped = maintainer.run();
	maintainer.stop();
	await dropped;
	expect(embedded.get('active')?.size).toBe(0);
	await maintainer.run();
	expect(embedded.get('active')?.size).toBe(40);
});

test('says why it cannot even tell which indexes there are', async () => {
	const failing = new IndexMaintainer({
		knowledge: {
			missingTexts: async () => [],
			addVectors: async () => undefined,
			indexState: async () => null,
			textPlaces: async () => []
		},
		clock: new ManualClock(),
		whenIdle: () => Promise.resolve(),
		liveIndexes: () => Promise.reject(new AppError('storage/unavailable')),
		embedder: () => Promise.reject(new AppError('bug'))
	});
	const codes: (string | undefined)[] = [];
	failing.onChange((_, error) => codes.push(error?.code));
	await failing.run();
	expect(codes).toEqual(['storage/unavailable']);
});
