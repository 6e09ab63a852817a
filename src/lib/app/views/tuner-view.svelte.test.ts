import { beforeEach, describe, expect, test } from 'vitest';
import type { AdapterRow } from '../../adapters/adapter-records.ts';
import { AppError } from '../../core/errors.ts';
import type { AdapterId } from '../../core/ids.ts';
import { adapterRow } from '../../testing/adapter-row.ts';
import { AdaptersWorld } from '../../testing/adapters-world.ts';
import { MemoryTabHub } from '../../testing/memory-tab-channel.ts';
import type { AppMessage } from '../app-message.ts';
import { ChangeFeed } from '../change-feed.ts';
import type { ListedAdapter } from '../adapters.ts';
import { TunerView } from './tuner-view.svelte.ts';

const bees = 'bees' as AdapterId;
const unknownBase = { name: '', identity: null, model: null };

let world: AdaptersWorld;
let feed: ChangeFeed;
let view: TunerView;

async function begin(...rows: AdapterRow[]): Promise<void> {
	world = await new AdaptersWorld().start(rows);
	feed = new ChangeFeed(new MemoryTabHub<AppMessage>().join());
	view = new TunerView({
		adapters: () => Promise.resolve(world.open()),
		...{ clock: world.clock, feed }
	});
	await view.refresh();
}

function the(id: string): ListedAdapter {
	return view.list!.find(({ row }) => row.id === id)!;
}

beforeEach(() => begin(adapterRow('bees')));

test('shows what there is, and the engine in use', () => {
	expect(view.list?.map(({ row }) => row.name)).toEqual(['bees']);
	expect(view.engine?.choice.name).toBe('Scripted 1');
});

test.each(['adapters', 'upgrade', 'library'] as const)(
	'is up to date when another tab has changed: %s',
	async (what) => {
		await world.store.update(bees, { name: 'Honey' });
		feed.announce(what);
		await expect.poll(() => the('bees').row.name).toBe('Honey');
	}
);

test('reads nothing before its page is opened', async () => {
	const unread = new TunerView({
		adapters: () => Promise.reject(new Error('It was read.')),
		...{ clock: world.clock, feed }
	});
	feed.announce('adapters');
	await unread.notices.run(() => Promise.resolve(null));
	expect([unread.list, unread.notices.error]).toEqual([null, null]);
});

describe('the switch', () => {
	test('turns an adapter on and off', async () => {
		await view.setOn(the('bees'), true);
		expect(the('bees').state).toBe('active');
		await view.setOn(the('bees'), false);
		expect(the('bees').state).toBe('off');
		expect(world.tried).toEqual([]);
	});

	test('first tries one of which nobody knows whether it fits', async () => {
		await begin(adapterRow('bees', { base: unknownBase }));
		await view.setOn(the('bees'), true);
		expect(world.tried).toHaveLength(1);
		expect(the('bees').state).toBe('active');
		expect(view.notices.notice).toBe('bees: It works.');
	});

	test('says why not now while an upgrade is under way, and tries nothing', async () => {
		await begin(adapterRow('bees', { base: unknownBase }));
		world.upgrading = true;
		await view.setOn(the('bees'), true);
		expect(view.notices.error?.message).toBe(
			'bees: Adapters stay as they are while an upgrade is under way: it was planned with them.'
		);
		expect(the('bees').row.wanted).toBe(false);
		expect(world.tried).toEqual([]);
	});
});

describe('the slider', () => {
	test('shows at once where it is, and writes it when it rests', async () => {
		const moved = [0.9, 0.8, 0.7].map((value) => view.setStrength(the('bees'), value));
		expect(view.strengthOf(the('bees'))).toBe(0.7);
		expect(the('bees').row.strength).toBe(1);
		const before = world.records.commits;
		await world.clock.advance(1000);
		await Promise.all(moved);
		expect(the('bees').row.strength).toBe(0.7);
		expect(view.strengthOf(the('bees'))).toBe(0.7);
		expect(world.records.commits).toBe(before + 1);
	});

	test('counts for a comparison before it rests', async () => {
		const moved = view.setStrength(the('bees'), 0.8);
		expect(view.tryIt.choices.map(({ strength }) => strength)).toEqual([0.8]);
		await world.clock.advance(1000);
		await moved;
		expect(view.tryIt.choices.map(({ strength }) => strength)).toEqual([0.8]);
	});

	test('goes back where its value is refused', async () => {
		world.upgrading = true;
		const moved = view.setStrength(the('bees'), 0.2);
		await world.clock.advance(1000);
		await moved;
		expect(view.strengthOf(the('bees'))).toBe(1);
		expect(view.notices.error?.code).toBe('adapter/upgrading');
	});

	test('is written at once when the page is left', async () => {
		const moved = [view.setStrength(the('bees'), 0.4), view.setStrength(the('bees'), 0.3)];
		view.flush();
		await Promise.all(moved);
		expect(the('bees').row.strength).toBe(0.3);
		expect(world.clock.sleeping).toBe(0);
	});

	test('of one adapter does not hold up that of another', async () => {
		await begin(adapterRow('bees'), adapterRow('wasps'));
		const moved = [view.setStrength(the('bees'), 0.5), view.setStrength(the('wasps'), 1.5)];
		await world.clock.advance(1000);
		await Promise.all(moved);
		expect(view.list!.map(({ row }) => row.strength).toSorted()).toEqual([0.5, 1.5]);
	});
});

describe('a check', () => {
	test('is one at a time, and its outcome is said', async () => {
		await begin(adapterRow('bees'), adapterRow('wasps'));
		world.outcome = () => ({ result: 'same', reason: 'This adapter changes nothing.' });
		const checking = view.check(the('bees'));
		expect(view.checking).toBe(bees);
		await view.check(the('wasps'));
		await checking;
		expect(world.tried.map(({ adapter }) => adapter)).toEqual([bees]);
		expect(view.notices.notice).toBe('bees: This adapter changes nothing.');
		expect(view.checking).toBeNull();
		expect(the('bees').check?.matched).toBe(2);
	});
});

describe('names', () => {
	test('are kept without spaces around them', async () => {
		expect(await view.rename(the('bees'), '  Honey ')).toBe(true);
		expect(the('bees').row.name).toBe('Honey');
	});

	test('are never empty', async () => {
		expect(await view.rename(the('bees'), '   ')).toBe(false);
		expect(the('bees').row.name).toBe('bees');
	});
});

test('what is removed is gone, and said', async () => {
	await view.remove(the('bees'));
	expect(view.list).toEqual([]);
	expect(view.notices.notice).toBe('bees is removed.');
});

test('files that cannot be read are told with the name of their adapter', async () => {
	const saved: string[] = [];
	await view.exportFiles(the('bees'), async (path, body) => {
		await body.pipeTo(new WritableStream());
		saved.push(path);
	});
	expect(saved).toEqual([]);
	expect(view.notices.error).toMatchObject({ code: 'adapter/damaged' });
	expect(view.notices.error?.message).toContain('bees');
});

test('a list that cannot be read is an error, not an empty one', async () => {
	const broken = new TunerView({
		adapters: () => Promise.reject(new AppError('storage/unavailable')),
		...{ clock: world.clock, feed }
	});
	await broken.refresh();
	expect(broken.list).toBeNull();
	expect(broken.notices.error?.code).toBe('storage/unavailable');
});
