import { describe, expect, test } from 'vitest';
import { AppError } from '../../core/errors.ts';
import type { ErrorCode } from '../../core/error-code.ts';
import type { Sha256 } from '../../core/ids.ts';
import { indexIdOf, indexSpecOf } from '../../knowledge/index-spec.ts';
import { MigrationWorld, models } from '../../testing/migration-world.ts';
import type { BenchCall, BenchScript } from '../../testing/scripted-bench.ts';
import { TestStepRun } from '../../testing/step-run.ts';
import type { PastQuestion } from '../migration-ports.ts';
import { gateReportStore } from '../migration-records.ts';
import { defaultOptions, type GateOptions } from '../plan.ts';
import { compareStep, type CompareDeps } from './compare-step.ts';

interface Case {
	readonly gate?: Partial<GateOptions>;
	readonly newFindsNothing?: boolean;
	readonly asked?: readonly PastQuestion[];
	readonly counterparts?: CompareDeps['workshop']['counterparts'];
	readonly nearest?: CompareDeps['workshop']['nearest'];
	/** Called before each call of an engine by the step. */
	readonly before?: (call: BenchCall) => void;
}

/** Vectors by which every question finds the last passages of all. */
function lastPassages(text: string, dims: number): Float32Array {
	const at = Number(/^word(\d+) topic\d+ in/.exec(text)?.[1] ?? 40);
	const vector = new Float32Array(dims);
	vector.set([1, at, text.length]);
	return vector;
}

/** Both indexes are complete; the step is run alone. */
async function compared({ gate = {}, newFindsNothing = false, asked = [], ...case_ }: Case = {}) {
	const script: BenchScript = {
		vector: (model, text, dims) =>
			model === 'new' && newFindsNothing ? lastPassages(text, dims) : undefined
	};
	const world = await MigrationWorld.create(script);
	const { workshop } = world.open();
	const spec = indexSpecOf(models.new);
	const ids = { oldIndex: world.oldSetup.index, newIndex: await indexIdOf(spec) };
	await workshop.createIndex(spec);
	const engine = await world.bench.open(models.new, new AbortController().signal);
	const missing = await workshop.missingTexts(ids.newIndex, 100);
	const vectors = await engine.embed(
		missing.map(({ text }) => text),
		'passage',
		new AbortController().signal
	);
	await workshop.addVectors(
		ids.newIndex,
		missing.map(({ textHash }, at) => ({ textHash, vector: vectors[at]! }))
	);
	await engine.close();
	world.bench.calls.length = 0;
	if (case_.before) world.bench.follow({ ...script, before: case_.before });

	const limits: number[] = [];
	const step = compareStep({
		...{ bench: world.bench, records: world.disk, clock: world.clock },
		workshop: Object.assign(Object.create(workshop) as typeof workshop, {
			...{
				nearest: case_.nearest ?? workshop.nearest.bind(workshop),
				knownItems: workshop.knownItems.bind(workshop)
			},
			textPlaces: workshop.textPlaces.bind(workshop),
			indexState: workshop.indexState.bind(workshop),
			counterparts: case_.counterparts ?? workshop.counterparts.bind(workshop)
		}),
		questions: {
			pastQuestions: (limit) => {
				limits.push(limit);
				return Promise.resolve([...asked]);
			}
		}
	});
	const run = new TestStepRun(world.disk);
	const options = { ...defaultOptions.gate, ...gate };
	const params = { ...{ from: models.old, to: models.new }, ...ids, gate: options };
	await step.do(params, run);
	const verdict = await step.verify(params, run);
	const report = (await world.disk.get(gateReportStore, [run.plan.id]))!;
	return { world, report, run, verdict, limits };
}

test('equal engines find the same: the gate passes and the report says so', async () => {
	const { report, verdict } = await compared();
	expect(report).toMatchObject({ queries: 40, passed: true, overlapAt10: 1, losses: [] });
	expect(report).toMatchObject({ recut: false, pastQuestions: [], warnings: [] });
	expect(report.new).toEqual({ ...report.old, name: 'NEW' });
	expect(report.old.recallAt10).toBeGreaterThan(0.5);
	expect(verdict).toMatchObject({ done: true, result: { passed: true } });
});

test('a worse engine fails the gate, and the losses are named', async () => {
	const { report, verdict } = await compared({ newFindsNothing: true });
	expect(report.passed).toBe(false);
	expect(report.losses).toHaveLength(10);
	expect(verdict).toMatchObject({ done: true, result: { passed: false } });
});

test('a failed gate stops the upgrade before the switch', async () => {
	const world = await MigrationWorld.create({
		vector: (model, text, dims) => (model === 'new' ? lastPassages(text, dims) : undefined)
	});
	const rest = await world.open().controller.start(world.plan());
	expect(rest).toEqual({ type: 'waiting', for: 'gate-decision' });
	expect((await world.record()).current).toEqual(world.oldSetup);
});

test('the options say how many questions are asked and how much may be lost', async () => {
	const { report, limits } = await compared({
		gate: { queries: 5, maxRecallLoss: 1, pastQuestions: 7 },
		newFindsNothing: true
	});
	expect(report).toMatchObject({ queries: 5, passed: true, maxRecallLoss: 1 });
	expect(limits).toEqual([7]);
});

test('plans of earlier versions ask no past questions', async () => {
	const { pastQuestions: _, ...gate } = defaultOptions.gate;
	const { limits, report } = await compared({ gate: { ...gate, pastQuestions: 0 } });
	expect(limits).toEqual([]);
	expect(report.pastQuestions).toEqual([]);
});

test('one engine is open at a time, warmed up, and questions are embedded as questions', async () => {
	const { world, run } = await compared();
	const queries = world.bench.calls.filter(({ purpose }) => purpose === 'query');
	expect(queries.map(({ model }) => model)).toEqual([
		...Array.from({ length: 41 }, () => 'old'),
		...Array.from({ length: 41 }, () => 'new')
	]);
	expect(world.bench.opened).toBe(0);
	expect(run.reports.at(-1)).toEqual([80, 80]);
});

test('past questions are asked of both, with what was cited and what both find first', async () => {
	const question = 'word3 topic3 word4';
	const cited = ['word3 topic3 in a text', 'gone since'];
	const { report } = await compared({ asked: [{ question, cited }] });
	const [past] = report.pastQuestions!;
	expect(past).toMatchObject({ question, overlapAt10: 1, cited: 1, moved: 0 });
	expect(past?.old).toHaveLength(3);
	expect(past?.old[0]).toMatchObject({
		documentName: 'workshop.md',
		excerpt: 'word3 topic3 in a text'
	});
	expect(past?.new).toEqual(past?.old);
});

test('past questions that find other passages warn, and do not fail the gate', async () => {
	const asked = [{ question: 'word3 topic3', cited: ['word3 topic3 in a text'] }];
	const { report } = await compared({ newFindsNothing: true, asked, gate: { maxRecallLoss: 1 } });
	expect(report).toMatchObject({ passed: true, warnings: ['questions-differ'] });
	expect(report.pastQuestions?.[0]).toMatchObject({ cited: 1, moved: 1 });
});

test('with passages of another size, any that says the same counts as found', async () => {
	const { report } = await compared({
		gate: { queries: 2 },
		newFindsNothing: true,
		counterparts: (_from, _to, hashes) =>
			Promise.resolve(hashes.map((each) => [each, 'hash of word39 topic39 in a text' as Sha256]))
	});
	expect(report).toMatchObject({ passed: true, new: { recallAt1: 1 }, losses: [] });
});

test('questions about what is gone from the new index are not asked', async () => {
	const { report } = await compared({
		counterparts: (_from, _to, hashes) => Promise.resolve(hashes.map(() => []))
	});
	expect(report).toMatchObject({ queries: 0, passed: true });
});

describe('an old engine', () => {
	test.each<[string, ErrorCode, BenchCall['method'], number]>([
		['that does not load', 'engine/load-failed', 'open', 1],
		['that has lost its files', 'storage/missing', 'open', 1],
		['that is not installed any more', 'library/not-installed', 'open', 1],
		['that finds no memory', 'engine/out-of-memory', 'embed', 1],
		['that loses its device midway', 'engine/device-lost', 'embed', 20]
	])('%s: that is told, and the user decides', async (_, code, method, at) => {
		const { report, verdict, run, world } = await compared({
			before: failing('old', method, code, at)
		});
		expect(report).toMatchObject({ passed: false, oldFailed: new AppError(code).message });
		expect(verdict).toMatchObject({ done: true, result: { passed: false, queries: 40 } });
		expect(JSON.stringify(verdict)).not.toContain('old');
		// The new one is asked all the same, and nothing is held against it.
		expect(report.new.recallAt10).toBeGreaterThan(0.5);
		expect(report).toMatchObject({ losses: [], warnings: [], pastQuestions: [] });
		expect(run.reports.at(-1)).toEqual([80, 80]);
		expect(world.bench.opened).toBe(0);
	});

	test('that fails does not send the upgrade back, and may be overridden', async () => {
		const world = await MigrationWorld.create({
			before: failing('old', 'open', 'engine/bad-model')
		});
		const { controller } = world.open();
		expect(await controller.start(world.plan())).toEqual({ type: 'waiting', for: 'gate-decision' });
		expect(controller.view?.steps.find(({ kind }) => kind === 'compare')?.detail).toMatch(
			/of the passages; before: not known$/
		);
		expect(await controller.overrideGate('The old one is broken.')).toMatchObject({
			for: 'keep-or-undo'
		});
		expect((await world.record()).current.index).toBe(world.newIndex);
	});

	test('is not blamed for what the storage or the search fails with', async () => {
		const full = compared({ before: failing('old', 'open', 'storage/quota') });
		await expect(full).rejects.toMatchObject({ code: 'storage/quota' });
		const broken = compared({ nearest: () => Promise.reject(new AppError('index/not-ready')) });
		await expect(broken).rejects.toMatchObject({ code: 'index/not-ready' });
	});

	test('is not blamed when the upgrade was stopped meanwhile', async () => {
		const stopped = compared({ before: failing('old', 'embed', 'cancelled', 3) });
		await expect(stopped).rejects.toMatchObject({ code: 'cancelled' });
	});
});

test('a new engine that cannot be asked fails the step', async () => {
	const step = compared({ before: failing('new', 'embed', 'engine/device-lost', 5) });
	await expect(step).rejects.toMatchObject({ code: 'engine/device-lost' });
});

/** Fails from that call of that method on. */
function failing(model: string, method: BenchCall['method'], code: ErrorCode, at = 1) {
	let calls = 0;
	return (call: BenchCall): void => {
		if (call.model !== model || call.method !== method) return;
		if (++calls >= at) throw new AppError(code);
	};
}
