import { expect, test } from 'vitest';
import type { AddingAdapter } from './add-adapter-view.svelte.ts';
import { addingWords } from './adding-words.ts';

const reading: AddingAdapter = {
	...{ step: 'reading', share: 0.5, bytes: 5000, total: 10_000 },
	...{ anew: false, waits: false }
};

test.each<[Partial<AddingAdapter>, string]>([
	[{}, 'Reading and checking… 5.0 KB of 10.0 KB'],
	[{ total: null }, 'Reading and checking… 5.0 KB'],
	[{ step: 'looking', bytes: 0 }, 'Looking at what is there…'],
	[{ step: 'adding', bytes: 0 }, 'Adding…'],
	[{ anew: true }, 'The file is another one there now. Fetching it anew… 5.0 KB of 10.0 KB'],
	[
		{ waits: true, anew: true },
		'There is no network. It goes on by itself when it is back. 5.0 KB of 10.0 KB'
	]
])('of %j it is said how far it is', (change, words) => {
	expect(addingWords({ ...reading, ...change })).toBe(words);
});
