import { beforeEach, describe, expect, test } from 'vitest';
import type { AdapterRow } from '../../adapters/adapter-records.ts';
import { AppError } from '../../core/errors.ts';
import type { AdapterId } from '../../core/ids.ts';
import { adapterRow } from '../../testing/adapter-row.ts';
import { AdaptersWorld } from '../../testing/adapters-world.ts';
import type { ListedAdapter } from '../adapters.ts';
import type { TryEvent } from '../try-beside.ts';
import { TryItView } from './try-it-view.svelte.ts';

const bees = 'bees' as AdapterId;
const wasps = 'wasps' as AdapterId;

let world: AdaptersWorld;
let list: readonly ListedAdapter[];
let view: TryItView;

async function begin(...rows: AdapterRow[]): Promise<void> {
	world = await new AdaptersWorld().start(rows);
	const adapters = world.open();
	list = await adapters.list();
	view = new TryItView({ adapters: () => Promise.resolve(adapters), list: () => list });
}

function answering(base: string, adapted: string): TryEvent[] {
	return [
		{ type: 'loading', side: 'base' },
		{ type: 'writing', side: 'base' },
		{ type: 'text', side: 'base', text: base.slice(0, 2) },
		{ type: 'text', side: 'base', text: base.slice(2) },
		{ type: 'end', side: 'base', matches: [] },
		{ type: 'loading', side: 'adapted' },
		{ type: 'writing', side: 'adapted' },
		{ type: 'text', side: 'adapted', text: adapted },
		{ type: 'end', side: 'adapted', matches: [] }
	];
}

const picked = (): AdapterId[] => view.choices.filter((each) => each.picked).map(({ id }) => id);

beforeEach(async () => {
	await begin(adapterRow('bees', { addedAt: 2000, strength: 0.5 }), adapterRow('wasps'));
	world.events = answering('A bee.', 'Bzzz.');
});

describe('the choice', () => {
	test('begins with those that are on', async () => {
		const adapters = world.open();
		await adapters.setOn(wasps, true);
		list = await adapters.list();
		expect(picked()).toEqual([wasps]);
	});

	test('begins with the newest where none is on', () => {
		expect(picked()).toEqual([bees]);
	});

	test('leaves out what does not fit', async () => {
		world.verdict = ({ id }) => (id === bees ? { state: 'no', reason: 'No.' } : null);
		list = await world.open().list();
		expect(view.choices.map(({ id }) => id)).toEqual([wasps]);
	});

	test('is the user’s, and so are the strengths', () => {
		view.pick(wasps, true);
		view.setStrength(wasps, 1.5);
		expect(view.choices.map(({ id, strength }) => [id, strength])).toEqual([
			[bees, 0.5],
			[wasps, 1.5]
		]);
		view.pickOnly(wasps);
		expect(picked()).toEqual([wasps]);
	});

	test('must be one at least, with something to ask', () => {
		expect(view.canCompare).toBe(false);
		view.prompt = ' What is honey? ';
		expect(view.canCompare).toBe(true);
		view.pick(bees, false);
		expect(view.canCompare).toBe(false);
	});
});

describe('a comparison', () => {
	beforeEach(() => {
		view.prompt = ' What is honey? ';
	});

	test('asks with what is picked, and shows both answers', async () => {
		await view.compare();
		expect(world.compared).toEqual([
			{
				spec: world.model,
				prompt: 'What is honey?',
				adapters: [{ adapter: bees, strength: 0.5 }]
			}
		]);
		expect(view.comparison).toEqual({
			base: { phase: 'done', text: 'A bee.' },
			adapted: { phase: 'done', text: 'Bzzz.' },
			withWhat: ['bees at 0.50']
		});
		expect(view.outcome).toBe('Both answers are there, and they differ.');
		expect(view.running).toBe(false);
	});

	test('says when the adapters change nothing', async () => {
		world.events = answering('A bee.', ' A bee. ');
		await view.compare();
		expect(view.outcome).toContain('they are the same');
	});

	test('shows each answer as it comes, and tells the outcome only at the end', async () => {
		const seen: string[] = [];
		world.pause = async () => {
			const { base, adapted } = view.comparison!;
			seen.push(`${base.phase} “${base.text}” | ${adapted.phase}${view.outcome}`);
		};
		await view.compare();
		expect(seen.slice(0, 5)).toEqual([
			'waiting “” | waiting',
			'loading “” | waiting',
			'writing “” | waiting',
			'writing “A ” | waiting',
			'writing “A bee.” | waiting'
		]);
		expect(seen.at(-1)).toBe('done “A bee.” | writing');
	});

	test('is one at a time', async () => {
		const first = view.compare();
		expect(view.running).toBe(true);
		await view.compare();
		await first;
		expect(world.compared).toHaveLength(1);
	});

	test('that fails keeps the answer that is there, and says why', async () => {
		const refused = new AppError('engine/device-lost');
		world.events = [...answering('A bee.', 'Bzzz.').slice(0, 7), refused];
		await view.compare();
		expect(view.comparison).toMatchObject({
			base: { phase: 'done', text: 'A bee.' },
			adapted: { phase: 'stopped', text: '' }
		});
		expect(view.error?.code).toBe('engine/device-lost');
		expect(view.outcome).toBe('');
	});

	test('that is stopped is no error', async () => {
		world.events = [...answering('A bee.', '').slice(0, 3), new AppError('cancelled')];
		await view.compare();
		expect(view.comparison?.base).toEqual({ phase: 'stopped', text: 'A ' });
		expect([view.error, view.outcome]).toEqual([null, 'Stopped.']);
	});

	test('begins without what went wrong before', async () => {
		world.events = [new AppError('engine/device-lost')];
		await view.compare();
		world.events = answering('A bee.', 'Bzzz.');
		await view.compare();
		expect(view.error).toBeNull();
	});
});
