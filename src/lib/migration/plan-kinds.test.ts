import { beforeEach, describe, expect, test } from 'vitest';
import type { EntryId } from '../core/ids.ts';
import { MigrationWorld, models, plannable, type PlanKind } from '../testing/migration-world.ts';
import { maxIndexDims } from './index-dims.ts';
import { defaultOptions, type MigrationPlan, type Refusal } from './plan.ts';
import { planUpgrade } from './planner.ts';
import type { UpgradeRequest } from './upgrade-request.ts';

let world: MigrationWorld;

beforeEach(async () => {
	world = await MigrationWorld.create({}, 1);
});

const idsOf = (plan: MigrationPlan): string[] => plan.steps.map(({ id }) => id);
const rebuild = { chat: null, embedding: null, index: { rebuild: true, chunkSize: null } };
const recut = { chat: null, embedding: null, index: { rebuild: false, chunkSize: 500 } };
const long = { chat: null, embedding: null, index: { rebuild: false, chunkSize: 1500 } };

/** With any id for the new index. */
function planned(parts: Partial<UpgradeRequest>): MigrationPlan {
	return world.plan({ newIndexId: world.newIndex, ...parts });
}

function refused(parts: Partial<UpgradeRequest>): Refusal | null {
	let refusal: Refusal | null = null;
	const request: UpgradeRequest = {
		...{ id: world.plan().id, now: 1, setup: world.oldSetup, catalog: [models.old, models.new] },
		...{ installed: new Set(), indexes: new Map(), newIndexId: world.newIndex, texts: 1 },
		...{ choice: { chat: models.new.id, embedding: models.new.id }, freeBytes: null },
		...{ unfinished: null, device: null, engines: ['scripted'], embeddingSpeed: null, chats: [] },
		...{ options: defaultOptions, ...parts }
	};
	const result = planUpgrade(request);
	if (!result.ok) refusal = result.refusal;
	return refusal;
}

describe('every kind of plan', () => {
	const kinds: readonly PlanKind[] = ['both', 'chat', 'embedding', 'rebuild', 'recut'];

	test.each(kinds)('%s: runs to its end, and back', async (kind) => {
		const plan = await world.planOf(kind);
		const { controller } = world.open();
		expect(await controller.start(plan)).toEqual({ type: 'waiting', for: 'keep-or-undo' });
		expect((await world.record()).current).toEqual(plan.to);
		await controller.undo();
		expect((await world.record()).current).toEqual(world.oldSetup);
	});

	test.each(kinds)('%s: begins with a look at the room, and ends with the switch', async (kind) => {
		const plan = await world.planOf(kind);
		expect(idsOf(plan).slice(0, 2)).toEqual(['preflight', 'snapshot']);
		expect(idsOf(plan).at(-1)).toBe('switch');
		expect(plan.steps[0]?.params).toEqual({ peakBytes: plan.needs.peakBytes });
	});

	test.each(kinds)(
		'%s: says what it changes and what it keeps, in whole sentences',
		async (kind) => {
			const { kept, changed } = (await world.planOf(kind)).effects;
			for (const sentence of [...kept, ...changed]) expect(sentence).toMatch(/^[A-Z\d].*\.$/);
			expect(changed.length).toBeGreaterThan(0);
		}
	);
});

describe('a rebuild', () => {
	test('changes the index and nothing else', async () => {
		const { from, to } = await world.planOf('rebuild');
		expect({ ...to, index: from.index }).toEqual(from);
		expect(to.index).not.toBe(from.index);
	});

	test('compares the same engine over the old index and the new one', async () => {
		const plan = await world.planOf('rebuild');
		const compare = plan.steps.find((step) => step.kind === 'compare');
		expect(compare?.params).toMatchObject({
			...{ from: { id: 'old' }, to: { id: 'old' } },
			...{ oldIndex: plan.from.index, newIndex: plan.to.index }
		});
	});

	test('says that all passages are embedded anew, and that the present index is kept', () => {
		const { effects } = planned({ choice: rebuild, texts: 1234 });
		expect(effects.changed).toContain('1,234 passages will be embedded anew.');
		expect(effects.changed.join(' ')).toContain('OLD makes a second index');
		expect(effects.kept.join(' ')).toContain('The present index is kept whole');
		expect(effects.kept).toContain('OLD stays the embedding engine.');
	});

	test('downloads the engine in use where its files are gone', () => {
		const gone = plannable('old', { files: models.new.files });
		expect(idsOf(planned({ choice: rebuild, catalog: [gone] }))).toContain('download:old');
	});

	test('with an engine on a server says that all texts are sent there again', () => {
		const setup = {
			...world.oldSetup,
			embedding: { ...world.oldSetup.embedding, engine: 'remote' }
		};
		const catalog = [plannable('old', { engine: 'remote' })];
		const parts = { setup, catalog, engines: ['remote'], choice: rebuild };
		expect(planned(parts).effects.changed.join(' ')).toContain('leaves this device');
		expect(planned({ choice: rebuild }).effects.changed.join(' ')).not.toContain('device');
	});

	test('is refused where the engine in use is not offered any more', () => {
		const refusal = refused({ choice: rebuild, catalog: [models.new] });
		expect(refusal?.reason).toBe('not-in-catalog');
		expect(refusal?.message).toContain('OLD, the embedding engine in use');
	});
});

describe('passages of another size', () => {
	test('are counted as they will be, with the room for their texts', () => {
		const { needs, effects } = planned({ choice: recut, texts: 100, newTexts: 180 });
		expect(needs.texts).toBe(180);
		expect(needs.peakBytes).toBe((180 * 32 * 4 + 180 * 500 * 2) * 1.2);
		expect(effects.changed).toContain(
			'Passages get shorter: 500 characters instead of 900 at most, 180 passages instead of 100.'
		);
	});

	test('come into the index of a new engine, too', () => {
		const choice = { ...recut, embedding: models.new.id };
		const build = planned({ choice }).steps.find((step) => step.kind === 'build-index');
		expect(build?.params).toMatchObject({
			spec: { id: 'new' },
			indexSpec: { chunker: { size: 500 } }
		});
	});

	test('longer than the engine reads are told', () => {
		const reader = (maxTokens: number) =>
			plannable('old', { embedding: { ...models.old.embedding!, maxTokens } });
		const told = (maxTokens: number) =>
			planned({ choice: long, catalog: [reader(maxTokens)] }).effects.changed.join(' ');
		expect(told(256)).toContain('OLD reads 256 tokens of a passage');
		expect(told(512)).not.toContain('of a passage');
	});

	test('of the present size are no change', () => {
		const choice = { ...recut, index: { rebuild: false, chunkSize: 900 } };
		expect(refused({ choice, newIndexId: null })?.reason).toBe('nothing-to-change');
	});
});

describe('answers to test prompts', () => {
	const prompts = [{ id: '1', text: 'Where do badgers live?' }];
	const choice = { chat: models.new.id, embedding: null };
	const gate = (parts: object) => ({
		options: { ...defaultOptions, gate: { ...defaultOptions.gate, ...parts } }
	});

	test('are compared right after the new chat engine has been checked', () => {
		const plan = planned({ choice, prompts });
		const ids = idsOf(plan);
		expect(ids[ids.indexOf('canary:chat') + 1]).toBe('compare-answers');
		const compare = plan.steps.find((step) => step.kind === 'compare-answers');
		expect(compare?.params).toMatchObject({ from: { id: 'old' }, to: { id: 'new' }, prompts });
	});

	test.each([
		['without prompts', { prompts: [] }],
		['when they are not wanted', gate({ prompts: false })],
		['when the gate is off', gate({ enabled: false })],
		['by the options of an older plan', gate({ prompts: undefined })],
		['when the chat engine stays', { choice: rebuild }],
		['when the old engine is not offered any more', { catalog: [models.new] }]
	])('are not compared %s', (_, parts) => {
		expect(idsOf(planned({ choice, prompts, ...parts }))).not.toContain('compare-answers');
	});
});

describe('it refuses, and says what to do instead', () => {
	const embedder = (dims: number) => [
		models.old,
		plannable('new', { embedding: { ...models.new.embedding!, dims } })
	];

	test('vectors that no index holds, with the numbers', () => {
		const refusal = refused({ catalog: embedder(maxIndexDims + 1) });
		expect(refusal).toMatchObject({
			reason: 'dims',
			instead: 'Choose another embedding engine.'
		});
		expect(refusal?.message).toContain('NEW makes vectors of 4,097 dimensions');
		expect(refused({ catalog: embedder(0) })?.reason).toBe('dims');
		expect(refused({ catalog: embedder(maxIndexDims) })).toBeNull();
	});

	test('a licence that was not accepted, and not for long', () => {
		const licence = { entry: 'new' as EntryId, name: 'Gemma Terms of Use', url: 'https://x.test' };
		const catalog = [models.old, { ...models.new, licence }];
		expect(refused({ catalog })).toEqual({
			reason: 'licence',
			message: 'NEW may be used under the Gemma Terms of Use, which you have not accepted.',
			instead: 'Read it and accept it, or choose a model with a free licence.'
		});
		expect(refused({ catalog, accepted: [licence] })).toBeNull();
		const another = { ...licence, name: 'Gemma Terms of Use 2' };
		expect(refused({ catalog, accepted: [another] })?.reason).toBe('licence');
	});

	test('but asks no licence of the engine that stays', () => {
		const licence = { entry: 'old' as EntryId, name: 'Gemma Terms of Use', url: 'https://x.test' };
		const catalog = [{ ...models.old, licence, files: models.new.files }];
		expect(refused({ catalog, choice: rebuild })).toBeNull();
	});

	test('tells the licence last: what cannot be, nobody has to agree to', () => {
		const licence = { entry: 'new' as EntryId, name: 'Gemma Terms of Use', url: 'https://x.test' };
		const catalog = [models.old, { ...models.new, licence }];
		expect(refused({ catalog, freeBytes: 1 })?.reason).toBe('no-space');
	});
});
