import { describe, expect, test } from 'vitest';
import type { ModelId } from '../core/ids.ts';
import { digest, frozen } from '../testing/frozen.ts';
import type { CatalogEntry } from './catalog/catalog-entry.ts';
import { entryOf } from './entry-of.ts';
import type { FrozenModel } from './frozen-model.ts';
import type { DownloadRow, ManifestRow, WantedRow } from './library-api.ts';
import { listModels, type LibraryFacts } from './list-models.ts';

function list(facts: Partial<LibraryFacts>) {
	return listModels({
		...{ catalog: [], known: new Map(), manifests: [], wanted: [], downloads: [] },
		...{ activityOf: () => undefined, isOurs: () => true, online: true },
		...facts
	});
}

/** The catalog that states the digests of these models. */
function offering(...models: readonly FrozenModel[]): Pick<LibraryFacts, 'catalog' | 'known'> {
	return {
		catalog: models.map(entryOf),
		known: new Map(models.map((model) => [model.about.entry, model]))
	};
}

/** An entry that leaves its digests to the publisher. */
function following(model: FrozenModel, revision: string): CatalogEntry {
	const files = [{ path: '*', url: null, bytes: null, sha256: null }];
	return { ...entryOf(model), revision, files, integrity: 'publisher' };
}

function manifest({ spec, about }: FrozenModel, installedAt = 1): ManifestRow {
	const files = spec.files.map(({ path, bytes, sha256 }) => ({
		...{ path, bytes, sha256, partBytes: 400 },
		parts: [digest(901), digest(902), digest(903)]
	}));
	return { model: spec.id, spec, about, files, installedAt, verifiedAt: 7 };
}

function wanted(model: FrozenModel, row: Partial<WantedRow> = {}): WantedRow {
	return {
		...{ id: model.spec.id, model, frozenAt: 1 },
		...{ place: 1, paused: false, damagedBytes: 0, error: null },
		...row
	};
}

/** A download with that many parts of 400 bytes. */
function download(n: number, parts: number): DownloadRow {
	return {
		...{ sha256: digest(n), bytes: 1000, partBytes: 400, url: '', validator: null },
		parts: Array.from({ length: parts }, (_, i) => digest(900 + i)),
		...{ hashState: null, hashed: 0 }
	};
}

const starter = frozen('starter', '1', [], { integrity: 'built-in' });
const small = frozen('small', 'a', [1, 2]);
const large = frozen('large', 'a', [2, 3]);

describe('what is on offer', () => {
	test('stands in the order of the catalog, built-in models first to last', () => {
		const listings = list(offering(large, starter, small));
		expect(listings.map(({ id, state, bytes }) => [id, state.at, bytes])).toEqual([
			['large@a', 'available', 2000],
			['starter', 'built-in', 0],
			['small@a', 'available', 2000]
		]);
	});

	test('has no size and no files while only its publisher knows them', () => {
		const [listing] = list({ catalog: [following(small, 'main')] });
		expect(listing).toMatchObject({ id: 'small@main', frozen: null, bytes: null });
	});

	test('an entry that follows a branch is shown as what it was frozen to', () => {
		const row = wanted(frozen('small', 'c0ffee', [1]), { place: null });
		const listings = list({ catalog: [following(small, 'main')], wanted: [row] });
		expect(listings.map(({ id, state }) => [id, state.at])).toEqual([
			['small@c0ffee', 'available']
		]);
	});
});

describe('states', () => {
	test.each<[string, Partial<WantedRow>, object]>([
		['chosen but not asked for', { place: null }, { at: 'available' }],
		['in the queue', { place: 3 }, { at: 'queued', place: 3, waitsFor: 'turn', done: 1400 }],
		['paused', { paused: true }, { at: 'paused', done: 1400, total: 2000, error: null }],
		[
			'stopped by an error',
			{ paused: true, error: { code: 'download/http', message: 'm', advice: 'a' } },
			{ at: 'paused', error: { code: 'download/http' } }
		],
		[
			'damaged',
			{ place: null, paused: true, damagedBytes: 600 },
			{ at: 'paused', damagedBytes: 600 }
		]
	])('a model that is %s', (_, row, state) => {
		const facts = { wanted: [wanted(small, row)], downloads: [download(1, 1), download(2, 3)] };
		expect(list({ ...offering(small), ...facts })[0]?.state).toMatchObject(state);
	});

	test('what another tab downloads is shown as far as it is stored', () => {
		const [first, second] = [wanted(large, { place: 2 }), wanted(small, { place: 5 })];
		const paused = wanted(frozen('other', 'a', [7]), { place: 1, paused: true });
		const rows = { wanted: [second, paused, first], downloads: [download(3, 2)] };
		const facts = { ...offering(small, large), ...rows, isOurs: () => false };
		const states = (more: Partial<LibraryFacts> = {}) =>
			list({ ...facts, ...more })
				.slice(0, 2)
				.map(({ state }) => state);
		expect(states()).toEqual([
			{ at: 'queued', done: 0, total: 2000, waitsFor: 'turn', place: 5 },
			{ at: 'downloading', done: 800, total: 2000, bytesPerSecond: null }
		]);
		expect(states({ online: false })[1]).toMatchObject({ at: 'queued', waitsFor: 'network' });
		expect(states({ isOurs: () => true })[1]).toMatchObject({ at: 'queued', waitsFor: 'turn' });
	});

	test('without a network it waits for that', () => {
		const facts = { ...offering(small), wanted: [wanted(small)], online: false };
		expect(list(facts)[0]?.state).toMatchObject({ at: 'queued', waitsFor: 'network' });
		const running = { at: 'downloading', done: 5, total: 2000, bytesPerSecond: null } as const;
		expect(list({ ...facts, activityOf: () => running })[0]?.state).toMatchObject({
			...{ at: 'queued', waitsFor: 'network', done: 5 }
		});
	});

	test('for files of this machine it does not wait', () => {
		const files = small.spec.files.map((file) => ({ ...file, url: 'local:small@a/file-1' }));
		const local = { ...small, spec: { ...small.spec, files } };
		expect(list({ wanted: [wanted(local)], online: false })[0]?.state).toMatchObject({
			...{ at: 'queued', waitsFor: 'turn' }
		});
	});

	test('what goes on in this tab comes before what is stored', () => {
		const checking = { at: 'verifying', done: 5, total: 2000 } as const;
		const facts = { manifests: [manifest(small)], activityOf: () => checking };
		expect(list({ ...offering(small), ...facts })[0]?.state).toEqual(checking);
	});

	test('an installed model tells its dates', () => {
		const [listing] = list({ ...offering(small), manifests: [manifest(small, 3)] });
		expect(listing?.state).toEqual({ at: 'installed', bytes: 2000, installedAt: 3, verifiedAt: 7 });
	});
});

describe('two revisions of one entry', () => {
	const newer = frozen('small', 'b', [1, 4]);

	test('the one that the catalog has moved to is an upgrade of the installed one', () => {
		const listings = list({ ...offering(newer), manifests: [manifest(small)] });
		expect(listings.map(({ id, updates, updateTo }) => [id, updates, updateTo])).toEqual([
			['small@b', 'small@a', null],
			['small@a', null, 'small']
		]);
	});

	test('one that the publisher was found to have is an upgrade too', () => {
		const rows = {
			manifests: [manifest(small)],
			wanted: [wanted(newer, { frozenAt: 9, place: null })]
		};
		const listings = list({ catalog: [following(small, 'main')], ...rows });
		expect(listings.map(({ id, updates, updateTo }) => [id, updates, updateTo])).toEqual([
			['small@b', 'small@a', null],
			['small@a', null, 'small']
		]);
	});

	test('side by side on this device, only the older one has an update', () => {
		const manifests = [manifest(small, 1), manifest(newer, 2)];
		const listings = list({ ...offering(newer), manifests });
		expect(listings.map(({ id, updates, updateTo }) => [id, updates, updateTo])).toEqual([
			['small@b', null, null],
			['small@a', null, 'small']
		]);
	});
});

test('what the user has added comes after the catalog', () => {
	const own = frozen('own', 'x', [9], { origin: 'files', integrity: 'computed' });
	const listings = list({ ...offering(small), manifests: [manifest(own)] });
	expect(listings.map(({ id, added }) => [id, added])).toEqual([
		['small@a', false],
		['own@x', true]
	]);
});

describe('files that models share', () => {
	const find = (facts: Partial<LibraryFacts>, id: ModelId) =>
		list({ ...offering(small, large), ...facts }).find((listing) => listing.id === id);

	test('stay when one of them is deleted', () => {
		const facts = { manifests: [manifest(small), manifest(large)] };
		expect(find(facts, small.spec.id)).toMatchObject({
			...{ freedBytes: 1000, sharedWith: ['The large'] }
		});
	});

	test('are freed with the last one', () => {
		const facts = { manifests: [manifest(small)] };
		expect(find(facts, small.spec.id)).toMatchObject({ freedBytes: 2000, sharedWith: [] });
	});

	test('stay for a download that waits for them', () => {
		const facts = { manifests: [manifest(small)], wanted: [wanted(large)] };
		expect(find(facts, small.spec.id)).toMatchObject({ freedBytes: 1000 });
	});

	test('of a download count as far as they are stored', () => {
		const facts = { wanted: [wanted(small, { paused: true })], downloads: [download(1, 2)] };
		expect(find(facts, small.spec.id)).toMatchObject({ freedBytes: 800 });
	});
});
