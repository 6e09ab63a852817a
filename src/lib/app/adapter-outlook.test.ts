import { expect, test } from 'vitest';
import { adapterStore, type AdapterRow } from '../adapters/adapter-records.ts';
import type { AdapterVerdict } from '../adapters/adapter-verdict.ts';
import type { Setup } from '../core/setup.ts';
import { write } from '../ports/store-write.ts';
import { adapterRowOf } from '../testing/adapter-row-of.ts';
import { MemoryRecordStore } from '../testing/memory-record-store.ts';
import { models } from '../testing/migration-world.ts';
import { setupWith } from '../testing/setup-with.ts';
import { adapterOutlooks } from './adapter-outlook.ts';

const fits = adapterRowOf('fits', { strength: 0.5 });
const unsure = adapterRowOf('unsure');
const alien = adapterRowOf('alien');
const unwanted = adapterRowOf('unwanted', { wanted: false });
const stillOn = adapterRowOf('still on', { wanted: false });
const verdicts: Record<string, AdapterVerdict['state']> = {
	...{ fits: 'fits', unsure: 'needs-check', alien: 'no' },
	...{ unwanted: 'fits', 'still on': 'fits' }
};

async function outlooks(setup: Setup, ...rows: AdapterRow[]) {
	const records = new MemoryRecordStore();
	await records.commit(rows.map((row) => write.put(adapterStore, row)));
	const verdictOf = ({ name }: AdapterRow) =>
		Promise.resolve({ state: verdicts[name]!, reason: `Because of ${name}.` });
	const all = await adapterOutlooks({ records, verdictOf }, setup, models.new);
	return new Map(all.map((each) => [each.name, each]));
}

const plain = setupWith('1', '1');

test('each adapter that is wanted is judged for the new engine', async () => {
	const all = await outlooks(plain, fits, unsure, alien);
	expect([...all.values()].map(({ name, after }) => [name, after]).toSorted()).toEqual([
		['alien', 'inactive'],
		['fits', 'active'],
		['unsure', 'needs-check']
	]);
	expect(all.get('fits')).toEqual({
		...{ name: 'fits', use: { adapter: fits.id, strength: 0.5 }, on: false },
		...{ after: 'active', reason: 'Because of fits.' }
	});
});

test('tells which are on', async () => {
	const setup = { ...plain, adapters: [{ adapter: alien.id, strength: 1 }] };
	const all = await outlooks(setup, fits, alien);
	expect([all.get('alien')?.on, all.get('fits')?.on]).toEqual([true, false]);
});

test('leaves out what nobody wants, unless it is on', async () => {
	const setup = { ...plain, adapters: [{ adapter: stillOn.id, strength: 1 }] };
	expect([...(await outlooks(setup, unwanted, stillOn)).keys()]).toEqual(['still on']);
});

test('is empty where there are no adapters, also where the setup still names one', async () => {
	const setup = { ...plain, adapters: [{ adapter: alien.id, strength: 1 }] };
	expect((await outlooks(setup)).size).toBe(0);
});
