import { expect, test } from 'vitest';
import type { AdapterCheckRow } from '../adapters/adapter-records.ts';
import type { AdapterId } from '../core/ids.ts';
import { adapterIdOf } from '../testing/adapter-row-of.ts';
import { models } from '../testing/migration-world.ts';
import { adapterShelf } from './adapter-shelf.ts';

const [whole, torn] = [adapterIdOf('whole'), adapterIdOf('torn')];
const never = new AbortController().signal;
const found: AdapterCheckRow = {
	...{ adapter: whole, model: models.new.id, at: 1, result: 'works' },
	...{ reason: 'It works.', matched: 1, of: 1 }
};

function shelf(read: (id: AdapterId) => void = () => undefined) {
	return adapterShelf({
		store: {
			isDamaged: (id) => {
				read(id);
				return Promise.resolve(id === torn);
			}
		},
		tester: {
			check: () => Promise.resolve(found),
			trial: () => Promise.resolve({ ...found, result: 'same' })
		}
	});
}

test('names those whose bytes are not what was added', async () => {
	expect(await shelf().damaged([whole, torn], never)).toEqual([torn]);
	expect(await shelf().damaged([], never)).toEqual([]);
});

test('reads no further once the user has stopped', async () => {
	const abort = new AbortController();
	const read: AdapterId[] = [];
	const reading = shelf((id) => {
		read.push(id);
		abort.abort();
	}).damaged([whole, torn], abort.signal);
	await expect(reading).rejects.toMatchObject({ code: 'cancelled' });
	expect(read).toEqual([whole]);
});

test('has an adapter tried', async () => {
	const use = { adapter: whole, strength: 1 };
	expect(await shelf().check(use, models.new, never)).toEqual(found);
	expect(await shelf().trial(use, models.new, never)).toMatchObject({ result: 'same' });
});
