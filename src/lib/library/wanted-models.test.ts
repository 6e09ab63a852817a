import { beforeEach, expect, test } from 'vitest';
import { frozen } from '../testing/frozen.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { MemoryRecordStore } from '../testing/memory-record-store.ts';
import { WantedModels } from './wanted-models.ts';

const a = frozen('a', '1', [1]);
const b = frozen('b', '1', [2]);
const c = frozen('c', '1', [3]);
let models: WantedModels;

beforeEach(() => {
	models = new WantedModels({ records: new MemoryRecordStore(), clock: new ManualClock(5) });
});

const order = async (): Promise<string[]> => (await models.queue()).map(({ id }) => id);

test('what was frozen is remembered, and is no download yet', async () => {
	await models.keep(a);
	expect(await models.get(a.spec.id)).toMatchObject({ model: a, place: null, frozenAt: 5 });
	expect(await order()).toEqual([]);
});

test('what was frozen once is not replaced', async () => {
	await models.ask(a);
	await models.keep({ ...a, about: { ...a.about, summary: 'changed' } });
	expect(await models.get(a.spec.id)).toMatchObject({ model: a, place: 1 });
});

test('downloads stand in the order in which they were asked for', async () => {
	for (const model of [b, a, c]) await models.ask(model);
	expect(await order()).toEqual(['b@1', 'a@1', 'c@1']);
});

test('a download that stopped keeps its place and its reason, until it is asked for again', async () => {
	for (const model of [a, b]) await models.ask(model);
	const error = { code: 'download/http', message: 'm', advice: 'a' } as const;
	await models.stop(a.spec.id, error);
	expect(await models.get(a.spec.id)).toMatchObject({ paused: true, error });
	await models.ask(a);
	expect(await models.get(a.spec.id)).toMatchObject({ paused: false, error: null });
	expect(await order()).toEqual(['a@1', 'b@1']);
});

test('stopping what is not wanted writes nothing', async () => {
	await models.stop(a.spec.id, null);
	expect(await models.list()).toEqual([]);
});

test('neighbours change places', async () => {
	for (const model of [a, b, c]) await models.ask(model);
	await models.move(c.spec.id, 'earlier');
	expect(await order()).toEqual(['a@1', 'c@1', 'b@1']);
	await models.move(a.spec.id, 'later');
	expect(await order()).toEqual(['c@1', 'a@1', 'b@1']);
});

test('at the ends of the queue nothing moves', async () => {
	for (const model of [a, b]) await models.ask(model);
	await models.move(a.spec.id, 'earlier');
	await models.move(b.spec.id, 'later');
	await models.move(c.spec.id, 'later');
	expect(await order()).toEqual(['a@1', 'b@1']);
});

test('a paused download is passed over', async () => {
	for (const model of [a, b, c]) await models.ask(model);
	await models.stop(b.spec.id, null);
	await models.move(c.spec.id, 'earlier');
	expect((await models.queue()).filter(({ paused }) => !paused).map(({ id }) => id)).toEqual([
		'c@1',
		'a@1'
	]);
});
