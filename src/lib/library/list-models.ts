import type { EntryId, ModelId, Sha256 } from '../core/ids.ts';
import { parseLocalUrl } from './add/local-url.ts';
import type { CatalogEntry } from './catalog/catalog-entry.ts';
import { entryOf, frozenOf } from './entry-of.ts';
import type { FrozenModel } from './frozen-model.ts';
import type {
	DownloadRow,
	ManifestRow,
	ModelListing,
	ModelState,
	WantedRow
} from './library-api.ts';
import { modelIdOf } from './model-id.ts';
import { modelBytes, modelState, type ModelActivity } from './model-state.ts';
import { storedBytes } from './store/stored-bytes.ts';

/** Everything that the list of models is made of. */
export interface LibraryFacts {
	readonly catalog: readonly CatalogEntry[];
	/** Entries of the catalog whose every digest it states, and the built-in ones. */
	readonly known: ReadonlyMap<EntryId, FrozenModel>;
	readonly manifests: readonly ManifestRow[];
	readonly wanted: readonly WantedRow[];
	readonly downloads: readonly DownloadRow[];
	/** What is going on in this tab. */
	readonly activityOf: (model: ModelId) => ModelActivity | undefined;
	/** Whether a download that was asked for is in the hands of this tab: else another one sees to it. */
	readonly isOurs: (model: ModelId) => boolean;
	readonly online: boolean;
}

/** A model that is stored or wanted. */
interface Row {
	readonly frozen: FrozenModel;
	readonly manifest: ManifestRow | undefined;
	readonly wanted: WantedRow | undefined;
	readonly since: number;
}

/** The catalog in its order, each entry with its revisions that are here or wanted, then what the user has added. */
export function listModels(facts: LibraryFacts): ModelListing[] {
	const rows = rowsOf(facts);
	const offered = new Set(facts.catalog.map(({ id }) => id));
	return [
		...facts.catalog.flatMap((entry) => {
			const own = rows.filter(({ frozen }) => frozen.about.entry === entry.id);
			return [...offerOf(entry, own, facts), ...own.map((row) => listingOf(row, own, facts))];
		}),
		...rows
			.filter(({ frozen }) => !offered.has(frozen.about.entry))
			.map((row, _, all) => {
				const own = all.filter(({ frozen }) => frozen.about.entry === row.frozen.about.entry);
				return listingOf(row, own, facts);
			})
	];
}

/** The newest first. */
function rowsOf({ manifests, wanted }: LibraryFacts): Row[] {
	const rows = [
		...manifests.map((manifest): Row => ({
			frozen: frozenOf(manifest),
			manifest,
			wanted: undefined,
			since: manifest.installedAt
		})),
		...wanted
			.filter(({ id }) => !manifests.some(({ model }) => model === id))
			.map((row): Row => ({
				frozen: row.model,
				manifest: undefined,
				wanted: row,
				since: row.frozenAt
			}))
	];
	return rows.sort((a, b) => b.since - a.since);
}

/** The entry itself, unless a row stands for it: of the same bytes, of that commit, or of any where it follows a branch. */
function offerOf(entry: CatalogEntry, own: readonly Row[], facts: LibraryFacts): ModelListing[] {
	const frozen = facts.known.get(entry.id) ?? null;
	const id = frozen?.spec.id ?? modelIdOf(entry, entry.revision);
	const pinned = frozen !== null || /^[0-9a-f]{40}$/.test(entry.revision);
	const standsForIt = ({ frozen: { spec } }: Row): boolean =>
		frozen ? spec.id === frozen.spec.id : !pinned || spec.revision === entry.revision;
	if (own.some(standsForIt)) return [];
	return [
		{
			...{ id, entry, frozen },
			state: { at: entry.files.length === 0 ? 'built-in' : 'available' },
			bytes: frozen ? modelBytes(frozen.spec) : null,
			...{ freedBytes: 0, sharedWith: [] },
			updates: installed(own)?.frozen.spec.id ?? null,
			...{ updateTo: null, added: false }
		}
	];
}

function listingOf(row: Row, own: readonly Row[], facts: LibraryFacts): ModelListing {
	const { frozen, manifest } = row;
	const entry = entryOf(frozen);
	return {
		id: frozen.spec.id,
		...{ entry, frozen },
		state: stateOf(row, facts),
		bytes: modelBytes(frozen.spec),
		...sharingOf(row, facts),
		updates: manifest ? null : (installed(own)?.frozen.spec.id ?? null),
		updateTo: manifest && hasNewer(row, own, facts) ? entry.id : null,
		added: frozen.about.origin !== 'catalog'
	};
}

function installed(rows: readonly Row[]): Row | undefined {
	return rows.find(({ manifest }) => manifest);
}

/** One that was installed later, one that is chosen to be, or one that the catalog is pinned to. */
function hasNewer(row: Row, own: readonly Row[], { known }: LibraryFacts): boolean {
	const offered = known.get(row.frozen.about.entry);
	return (
		own.some((other) => (other.manifest ? other.since > row.since : !isDamaged(other))) ||
		(offered !== undefined && !own.some(({ frozen }) => frozen.spec.id === offered.spec.id))
	);
}

/** It was here before; that it is not now says nothing of its age. */
function isDamaged({ wanted }: Row): boolean {
	return (wanted?.damagedBytes ?? 0) > 0;
}

function stateOf({ frozen, manifest, wanted }: Row, facts: LibraryFacts): ModelState {
	const { id, files } = frozen.spec;
	const stored = new Map<Sha256, number>();
	for (const row of facts.downloads) stored.set(row.sha256, storedBytes(row));
	for (const other of facts.manifests)
		for (const file of other.files) stored.set(file.sha256, file.bytes);
	return modelState({
		...{ manifest, wanted, spec: frozen.spec },
		online: facts.online || files.every(({ url }) => parseLocalUrl(url) !== null),
		activity: facts.activityOf(id),
		elsewhere: wanted !== undefined && wanted === nextInQueue(facts) && !facts.isOurs(id),
		done: files.reduce((sum, { sha256 }) => sum + (stored.get(sha256) ?? 0), 0)
	});
}

/** Downloads come one at a time, in all tabs. */
function nextInQueue({ wanted }: LibraryFacts): WantedRow | undefined {
	const placeOf = ({ place }: WantedRow): number => place ?? Infinity;
	return wanted
		.filter(({ place, paused }) => place !== null && !paused)
		.sort((a, b) => placeOf(a) - placeOf(b))[0];
}

/** What deleting it gives back: files that no other model on this device, or on its way here, has. */
function sharingOf(
	{ frozen, manifest }: Row,
	{ manifests, wanted, downloads }: LibraryFacts
): Pick<ModelListing, 'freedBytes' | 'sharedWith'> {
	const { id } = frozen.spec;
	const others = [
		...manifests.map(frozenOf),
		...wanted.filter(({ place }) => place !== null).map(({ model }) => model)
	].filter(({ spec }) => spec.id !== id);
	const elsewhere = new Set(others.flatMap(({ spec }) => spec.files.map(({ sha256 }) => sha256)));
	const own = new Map(frozen.spec.files.map((file) => [file.sha256, file.bytes]));
	const shared = others.filter(({ spec }) => spec.files.some(({ sha256 }) => own.has(sha256)));
	let freedBytes = 0;
	for (const [sha256, bytes] of own) {
		if (elsewhere.has(sha256)) continue;
		const partly = downloads.find((row) => row.sha256 === sha256);
		freedBytes += manifest ? bytes : partly ? storedBytes(partly) : 0;
	}
	return { freedBytes, sharedWith: shared.map(({ spec }) => spec.name) };
}
