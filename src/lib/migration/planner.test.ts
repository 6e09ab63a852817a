import { describe, expect, test } from 'vitest';
import type { ModelId } from '../core/ids.ts';
import type { AdapterUse } from '../core/setup.ts';
import type { DeviceProfile } from '../ports/gpu-probe.ts';
import { adapterIdOf } from '../testing/adapter-row-of.ts';
import { MigrationWorld, models, plannable } from '../testing/migration-world.ts';
import type { MigrationPlan, PlanResult } from './plan.ts';
import { defaultOptions } from './plan.ts';
import { planUpgrade } from './planner.ts';
import type { AdapterOutlook, UpgradeRequest } from './upgrade-request.ts';

const world = await MigrationWorld.create({}, 1);
const base: UpgradeRequest = {
	id: 'p' as MigrationPlan['id'],
	now: 7,
	setup: world.oldSetup,
	catalog: [models.old, models.new],
	installed: new Set(),
	indexes: new Map(),
	newIndexId: world.newIndex,
	texts: 100,
	choice: { chat: models.new.id, embedding: models.new.id },
	freeBytes: 1_000_000,
	unfinished: null,
	device: null,
	engines: ['scripted'],
	embeddingSpeed: null,
	chats: [],
	options: defaultOptions
};
const chatOnly = { choice: { chat: models.new.id, embedding: null }, newIndexId: null };

function planned(parts: Partial<UpgradeRequest> = {}): MigrationPlan {
	const result = planUpgrade({ ...base, ...parts });
	if (!result.ok) throw new Error(result.refusal.message);
	return result.plan;
}

function refused(parts: Partial<UpgradeRequest>) {
	const result: PlanResult = planUpgrade({ ...base, ...parts });
	return result.ok ? null : result.refusal;
}

const idsOf = (plan: MigrationPlan): string[] => plan.steps.map(({ id }) => id);

describe('the steps', () => {
	test('of a change of both engines', () => {
		expect(idsOf(planned())).toEqual([
			'preflight',
			'snapshot',
			'download:new',
			'canary:embedding',
			'canary:chat',
			'build-index',
			'compare',
			'switch'
		]);
	});

	test('of the chat engine alone leave the index out', () => {
		const plan = planned(chatOnly);
		expect(idsOf(plan)).toEqual(['preflight', 'snapshot', 'download:new', 'canary:chat', 'switch']);
		expect(plan.to).toMatchObject({ embedding: base.setup.embedding, index: base.setup.index });
	});

	test('of the embedding engine alone leave the chat engine out', () => {
		const plan = planned({ choice: { chat: null, embedding: models.new.id } });
		expect(idsOf(plan)).not.toContain('canary:chat');
		expect(plan.to).toMatchObject({ chat: base.setup.chat, index: world.newIndex });
	});

	test('download nothing that is installed or built in', () => {
		expect(idsOf(planned({ installed: new Set([models.new.id]) }))).not.toContain('download:new');
		const builtIn = { ...models.new, files: [] };
		expect(idsOf(planned({ catalog: [models.old, builtIn] }))).not.toContain('download:new');
	});

	test('compare nothing without a gate, without texts, or without the old model', () => {
		const off = { ...defaultOptions, gate: { ...defaultOptions.gate, enabled: false } };
		expect(idsOf(planned({ options: off }))).not.toContain('compare');
		expect(idsOf(planned({ texts: 0 }))).not.toContain('compare');
		expect(idsOf(planned({ catalog: [models.new] }))).not.toContain('compare');
	});

	test('carry specs without what is for people alone', () => {
		const canary = planned().steps.find((step) => step.kind === 'canary');
		expect(canary?.params.spec).not.toHaveProperty('needs');
		expect(canary?.params.spec).not.toHaveProperty('parameters');
	});

	test('carry all else that an engine must know', () => {
		const reasoning = { open: '<think>', close: '</think>', opened: true };
		const catalog = [models.old, plannable('new', { reasoning })];
		const canary = planned({ catalog }).steps.find((step) => step.kind === 'canary');
		expect(canary?.params.spec).toMatchObject({ reasoning });
	});

	test('carry the compiled library of models that have one', () => {
		const modelLibrary = { abi: 'v0_2_86/base', path: 'model.wasm' };
		const catalog = [models.old, plannable('new', { modelLibrary })];
		const canary = planned({ catalog }).steps.find((step) => step.kind === 'canary');
		expect(canary?.params.spec.modelLibrary).toEqual(modelLibrary);
	});

	test('survive JSON: a plan can be exported and read back', () => {
		const plan = planned();
		expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
	});
});

describe('the needs', () => {
	test('are the download and the vectors, with a fifth for what is around them', () => {
		expect(planned().needs).toEqual({
			downloadBytes: 1000,
			peakBytes: 1000 + 100 * 32 * 4 * 1.2,
			texts: 100,
			seconds: null,
			measuredAt: null
		});
	});

	test('tell the time as a range around what the model did when it was measured', () => {
		const { seconds, measuredAt } = planned({
			embeddingSpeed: { textsPerSecond: 5, at: 3 }
		}).needs;
		expect(seconds).toEqual({ low: 16, high: 30 });
		expect(measuredAt).toBe(3);
	});

	test('tell no time where nothing has to be embedded', () => {
		const embeddingSpeed = { textsPerSecond: 5, at: 3 };
		const none = { seconds: null, measuredAt: null };
		expect(planned({ texts: 0, embeddingSpeed }).needs).toMatchObject(none);
		expect(planned({ ...chatOnly, embeddingSpeed }).needs).toMatchObject(none);
	});

	test('do not count texts that have their vector already', () => {
		const indexes = new Map([[world.newIndex, { texts: 100, embedded: 90 }]]);
		expect(planned({ indexes }).needs.texts).toBe(10);
	});

	test('are nothing but the download for a chat engine', () => {
		expect(planned(chatOnly).needs).toMatchObject({
			downloadBytes: 1000,
			peakBytes: 1000,
			texts: 0
		});
	});
});

describe('chats that the new engine cannot read whole', () => {
	const catalog = [models.old, plannable('new', { contextTokens: 2500 })];
	const sentence = (...tokens: readonly number[]): string | undefined => {
		const chats = tokens.map((size, at) => ({ title: `Chat ${at}`, tokens: size }));
		return planned({ catalog, chats }).effects.changed.find((each) => each.includes('nothing is'));
	};

	test('are named, where the present engine can', () => {
		expect(sentence(2500, 2501, 4096, 4097)).toBe(
			'2 chats are longer than NEW reads at once: “Chat 1”, “Chat 2”. Their oldest questions will be left out of what it is sent; nothing is deleted.'
		);
	});

	test('are counted from the fourth on', () => {
		expect(sentence(3000, 3000, 3000, 3000, 3000)).toContain('“Chat 2” and 2 more.');
	});

	test('are not spoken of when there is none', () => {
		expect(sentence(10, 2500)).toBeUndefined();
	});
});

describe('the effects', () => {
	test('say that documents and chats are kept, and for how long the old setup is', () => {
		const { kept, lost } = planned().effects;
		expect(kept).toContain('All documents and all chats stay as they are.');
		expect(kept).toContain('The present setup can be had back for 7 days.');
		expect(lost).toEqual([]);
	});

	test('say how many passages are embedded anew', () => {
		const indexes = new Map([[world.newIndex, { texts: 100, embedded: 99 }]]);
		const { changed } = planned({ indexes }).effects;
		expect(changed).toContain('1 passage will be embedded anew.');
		expect(changed).toContain('99 passages have their vectors already.');
	});

	test('warn of a shorter context and of a missing comparison', () => {
		const shorter = plannable('new', { contextTokens: 2048 });
		expect(planned({ catalog: [models.old, shorter] }).effects.changed.join(' ')).toContain(
			'2,048 tokens instead of 4,096'
		);
		expect(planned({ catalog: [models.new] }).effects.changed.join(' ')).toContain(
			'cannot be compared'
		);
	});
});

describe('it refuses, and says what to do instead', () => {
	const device: DeviceProfile = {
		gpu: null,
		wasmThreads: 1,
		crossOriginIsolated: false,
		memoryGb: null
	};
	const gpu = {
		vendor: 'v',
		architecture: 'a',
		isFallback: false,
		features: ['shader-f16'],
		maxBufferSize: 1,
		maxStorageBufferBindingSize: 1
	};
	const needy = (need: string) => [models.old, plannable('new', { needs: [need] })];

	test('another upgrade under way', () => {
		const { setup } = base;
		const to = planned().to;
		const unfinished = { from: setup, to, onTrial: false };
		expect(refused({ unfinished })).toMatchObject({
			reason: 'upgrade-running',
			message: 'The upgrade to NEW is under way.'
		});
		expect(refused({ unfinished: { ...unfinished, onTrial: true } })).toMatchObject({
			message: 'The upgrade to NEW is on trial.',
			instead: 'Keep it or undo it first; then start this one.'
		});
		const rebuilt = { from: setup, to: { ...setup, index: world.newIndex }, onTrial: true };
		expect(refused({ unfinished: rebuilt })?.message).toBe('An upgrade of the index is on trial.');
	});

	test('nothing to change', () => {
		expect(refused({ choice: { chat: null, embedding: null } })?.reason).toBe('nothing-to-change');
		const same = { chat: models.old.id, embedding: models.old.id };
		expect(refused({ choice: same })?.reason).toBe('nothing-to-change');
	});

	test('but not a newer revision of the same model', () => {
		const newer = plannable('old', { revision: '2' });
		const choice = { chat: models.old.id, embedding: null };
		expect(idsOf(planned({ catalog: [newer], choice }))).toContain('canary:chat');
	});

	test('a model that is not in the catalog, or not made for the role', () => {
		const choice = { chat: 'nobody' as ModelId, embedding: null };
		expect(refused({ choice })?.reason).toBe('not-in-catalog');
		const mute = plannable('new', { tasks: ['embed'] });
		expect(refused({ catalog: [models.old, mute] })?.message).toBe('NEW cannot answer questions.');
		const blind = plannable('new', { tasks: ['generate'], embedding: null });
		expect(refused({ catalog: [models.old, blind] })?.message).toBe('NEW cannot embed documents.');
	});

	test('a device that lacks what the model needs', () => {
		const catalog = needy('webgpu');
		expect(refused({ catalog, device })).toEqual({
			reason: 'wont-fit',
			message: 'NEW does not fit this device. This browser has no WebGPU, which it needs.',
			instead: 'Choose a model that Core Engines shows as fitting this device.'
		});
		expect(refused({ catalog, device: { ...device, gpu } })).toBeNull();
		expect(refused({ catalog, device: null })).toBeNull();
		expect(refused({ catalog: needy('shader-f16'), device })?.reason).toBe('wont-fit');
		expect(refused({ catalog: needy('shader-f16'), device: { ...device, gpu } })).toBeNull();
		expect(refused({ catalog: needy('cross-origin-isolated'), device })?.reason).toBe('wont-fit');
	});

	test('a model that implies what it does not state', () => {
		const catalog = [models.old, plannable('new', { engine: 'transformers', dtype: 'q4f16' })];
		const engines = ['transformers'];
		const plain = { ...device, gpu: { ...gpu, features: [] } };
		expect(refused({ catalog, engines, device: plain })?.message).toContain('shader-f16');
		expect(refused({ catalog, engines, device: { ...device, gpu } })).toBeNull();
	});

	test('a model whose engine this build does not have', () => {
		expect(refused({ engines: ['starter'] })?.message).toContain('has no engine for');
	});

	test('but not a model that is merely a tight fit', () => {
		const slow = { engine: 'transformers', dtype: 'q4', parameters: 2e9 };
		const catalog = [models.old, plannable('new', slow)];
		expect(refused({ catalog, engines: ['transformers'], device })).toBeNull();
	});

	test('a context too small for passages, unless the present one is no larger', () => {
		const tiny = plannable('new', { contextTokens: 512 });
		expect(refused({ catalog: [models.old, tiny] })?.reason).toBe('context-shrinks');
		const oldTiny = plannable('old', { contextTokens: 512 });
		expect(refused({ catalog: [oldTiny, tiny] })).toBeNull();
	});

	test('too little space, with the numbers', () => {
		expect(refused({ ...chatOnly, freeBytes: 400 })).toEqual({
			reason: 'no-space',
			message: 'The upgrade needs 1.0 KB and about 400 B are free: 600 B are missing.',
			instead: 'Delete models that you do not use in Core Engines, or choose a smaller model.'
		});
		expect(refused({ ...chatOnly, freeBytes: 1000 })).toBeNull();
		expect(refused({ ...chatOnly, freeBytes: null })).toBeNull();
	});
});

describe('adapters', () => {
	const use = (name: string): AdapterUse => ({ adapter: adapterIdOf(name), strength: 0.5 });
	const outlook = (name: string, after: AdapterOutlook['after'], on = true): AdapterOutlook => ({
		use: use(name),
		name,
		on,
		after,
		reason: `Because of ${name}.`
	});
	const on = (...names: string[]) => ({
		setup: { ...base.setup, adapters: names.map((name) => use(name)) }
	});
	const all = [
		outlook('fits', 'active'),
		outlook('returns', 'active', false),
		outlook('unsure', 'needs-check'),
		outlook('alien', 'inactive'),
		outlook('far', 'inactive', false)
	];

	test('that fit the new chat engine are on from the switch on, and no others', () => {
		const plan = planned({ ...on('fits', 'unsure', 'alien'), adapters: all });
		expect(plan.to.adapters).toEqual([use('fits'), use('returns')]);
		expect(plan.steps.at(-1)?.params).toMatchObject({ to: plan.to });
	});

	test('that may be on are tried right after the new chat engine was checked', () => {
		const plan = planned({ ...chatOnly, adapters: all, prompts: [{ id: '1', text: 'Why?' }] });
		const ids = idsOf(plan);
		expect(ids.slice(ids.indexOf('canary:chat'))).toEqual([
			...['canary:chat', 'check-adapters', 'compare-answers', 'switch']
		]);
		const check = plan.steps.find((step) => step.kind === 'check-adapters');
		expect(check?.params.spec.id).toBe('new');
		expect(check?.params.adapters.map(({ name }) => name)).toEqual(['fits', 'returns', 'unsure']);
	});

	test('that cannot be on are not tried', () => {
		expect(idsOf(planned({ adapters: [outlook('alien', 'inactive')] }))).not.toContain(
			'check-adapters'
		);
	});

	test('are told of by name: what stays on, what is tried, what is off and comes back', () => {
		const { kept, changed, lost } = planned({
			...on('fits', 'unsure', 'alien'),
			adapters: all
		}).effects;
		expect(kept).toContain('The adapter “fits” stays on. Because of fits.');
		expect(kept).toContain('The adapter “far” is kept, and stays off. Because of far.');
		expect(changed).toContain(
			'The adapter “returns” is on again from the switch on. Because of returns.'
		);
		expect(changed).toContain(
			'The adapter “unsure” will be tried with NEW before the switch, and is on afterwards if it works. Because of unsure.'
		);
		expect(lost).toEqual([
			'The adapter “alien” is kept but off from the switch on. Because of alien. It comes back by itself with an undo, or when its base is in use again.'
		]);
	});

	test('are told of once where the same becomes of them for the same reason, all by name', () => {
		const names = ['a', 'b', 'c', 'd', 'e', 'f'];
		const after = (what: AdapterOutlook['after']): AdapterOutlook[] =>
			names.map((name) => ({ ...outlook(name, what), on: true, reason: 'So it is.' }));
		const told = (what: AdapterOutlook['after']) => planned({ adapters: after(what) }).effects;
		const all = 'The adapters “a”, “b”, “c”, “d”, “e” and “f”';
		expect(told('needs-check').changed).toContain(
			`${all} will be tried with NEW before the switch, and are on afterwards if they work. So it is.`
		);
		expect(told('active').kept).toContain(`${all} stay on. So it is.`);
		expect(told('inactive').lost).toEqual([
			`${all} are kept but off from the switch on. So it is. They come back by themselves with an undo, or when their base is in use again.`
		]);
	});

	test('that nobody said anything of are off after the switch, and that is told', () => {
		const plan = planned(on('fits'));
		expect(plan.to.adapters).toEqual([]);
		expect(plan.effects.lost).toEqual([
			'1 adapter made for OLD will be switched off; they come back with an undo.'
		]);
	});

	test('stay as they are where the chat engine stays', () => {
		const choice = { chat: null, embedding: models.new.id };
		const plan = planned({ ...on('fits', 'alien'), choice, adapters: all });
		expect(plan.to.adapters).toEqual(plan.from.adapters);
		expect(plan.effects.kept).toContain('Your adapters stay as they are.');
		expect(plan.effects.lost).toEqual([]);
		expect(idsOf(plan)).not.toContain('check-adapters');
		expect(planned({ choice }).effects.kept).not.toContain('Your adapters stay as they are.');
	});
});
