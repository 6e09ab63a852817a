import { AppError, hasCode } from '../../core/errors.ts';
import { newId } from '../../core/ids.ts';
import type { HasherFactory } from '../../ports/hasher.ts';
import type { RangeSource } from '../../ports/range-source.ts';
import type { CatalogEntry } from '../catalog/catalog-entry.ts';
import { entryOf } from '../entry-of.ts';
import { exportFileName, parseExportedModel } from '../export/exported-model.ts';
import type { FrozenModel } from '../frozen-model.ts';
import { freezeEntry } from '../hub/freeze-entry.ts';
import type { ModelHub } from '../hub/model-hub.ts';
import type { PrefetchedFiles } from '../hub/prefetched-files.ts';
import { readWhole } from '../hub/read-whole.ts';
import type { OnBytes } from '../model-library.ts';
import { frozenFromExport, type ExportPlace } from './exported-finding.ts';
import { findVariants } from './find-variants.ts';
import { freezeLocal } from './freeze-local.ts';
import { hubView } from './hub-view.ts';
import type { LocalFileRegistry } from './local-file-registry.ts';
import { localTitle } from './local-title.ts';
import { localUrl } from './local-url.ts';
import { localView } from './local-view.ts';
import type { LocalFile, ModelAddress } from './model-address.ts';
import type { ModelFinding } from './model-finding.ts';
import { modelLibrariesOf } from './model-libraries.ts';
import { modelRoot } from './model-root.ts';
import { notAModel } from './not-a-model.ts';
import { parseAddress, type ParsedAddress } from './parse-address.ts';
import { maxConfigBytes, type RepositoryView } from './repository-view.ts';

export interface InspectorParts {
	readonly hub: ModelHub;
	readonly ranges: RangeSource;
	readonly hashers: HasherFactory;
	readonly catalog: readonly CatalogEntry[];
	/** Learns which files belong to a model that is frozen here. */
	readonly localFiles: LocalFileRegistry;
	/** Takes what freezing had to read. */
	readonly prefetched?: PrefetchedFiles;
	/** Their pages are understood as the hub's. Default none. */
	readonly mirrors?: () => readonly string[];
}

/** What has to be remembered until the user has chosen. */
type Found =
	| { readonly at: 'hub' }
	| { readonly at: 'files'; readonly files: readonly LocalFile[] }
	| {
			readonly at: 'export';
			readonly frozen: FrozenModel;
			/** Null where they are not on this machine. */
			readonly files: readonly LocalFile[] | null;
	  };

/** So many findings are remembered. */
const rememberedFindings = 4;

/** Looks at places where models may be, and pins what the user chooses of them. */
export class ModelInspector {
	readonly #parts: InspectorParts;
	readonly #found = new Map<string, Found>();

	constructor(parts: InspectorParts) {
		this.#parts = parts;
	}

	/** As `ModelLibrary.inspect`. */
	async inspect(address: ModelAddress, signal: AbortSignal): Promise<ModelFinding> {
		if (address.kind === 'files') return this.#inspectFiles(address, signal);
		const parsed = parseAddress(address.text, this.#parts.mirrors?.());
		return parsed.kind === 'hub'
			? this.#inspectHub(parsed, signal)
			: this.#inspectFolder(parsed.url, signal);
	}

	/**
	 * Pins the variant of that finding, with the user's corrections; of an export only its name can be another. Files of
	 * this machine are hashed, which `onBytes` hears of, and remembered for the download.
	 * Errors: `add/files-needed` when the finding is gone, `add/wrong-files`, those of `freezeEntry`.
	 */
	async freeze(
		finding: string,
		entry: CatalogEntry,
		onBytes: OnBytes,
		signal: AbortSignal
	): Promise<FrozenModel> {
		const found = this.#found.get(finding);
		if (!found) throw new AppError('add/files-needed', { details: { name: entry.name } });
		const { hub, prefetched, localFiles } = this.#parts;
		if (found.at === 'hub')
			return freezeEntry(entry, { hub, origin: 'hub', ...(prefetched && { prefetched }) }, signal);
		const frozen =
			found.at === 'files'
				? await freezeLocal(entry, { ...this.#parts, files: found.files }, onBytes, signal)
				: { ...found.frozen, spec: { ...found.frozen.spec, name: entry.name } };
		if (found.files) localFiles.give(frozen.spec, found.files);
		return frozen;
	}

	async #inspectHub(
		{ source, revision }: Extract<ParsedAddress, { kind: 'hub' }>,
		signal: AbortSignal
	): Promise<ModelFinding> {
		const { hub } = this.#parts;
		const view = hubView(await hub.read(source, revision, signal), hub, signal);
		return this.#remember({ at: 'hub' }, 'hub', await this.#describe(view, signal));
	}

	async #inspectFiles(
		{ files: chosen, title: given }: Extract<ModelAddress, { kind: 'files' }>,
		signal: AbortSignal
	): Promise<ModelFinding> {
		const files = modelRoot(chosen, given ?? 'The chosen folder');
		const title = given ?? (await localTitle(files));
		const view = localView(files, title);
		const exported = await view.readSmall(exportFileName);
		if (!exported)
			return this.#remember({ at: 'files', files }, 'files', await this.#describe(view, signal));
		const place = { title, origin: 'files', files: view.files, urlOf: localUrl } as const;
		return this.#rememberExport(exported, place, files);
	}

	async #inspectFolder(url: string, signal: AbortSignal): Promise<ModelFinding> {
		const title = url.replace(/^https?:\/\//, '').replace(/\/$/, '');
		const place: ExportPlace = {
			...{ title, origin: 'address', files: null },
			urlOf: (_, path) => url + path.split('/').map(encodeURIComponent).join('/')
		};
		return this.#rememberExport(await this.#readExport(url, title, signal), place, null);
	}

	async #readExport(
		url: string,
		title: string,
		signal: AbortSignal
	): Promise<Uint8Array<ArrayBuffer>> {
		try {
			const reply = await this.#parts.ranges.read(url + exportFileName, { from: 0 }, signal);
			const bytes = await readWhole(reply, maxConfigBytes);
			if (bytes) return bytes;
		} catch (error) {
			const isMissing = hasCode(error, 'download/http') && error.details.status === 404;
			if (isMissing) throw notAModel(title, `there is no ${exportFileName} at that address`);
			throw error;
		}
		throw notAModel(title, `${exportFileName} is too large`);
	}

	async #rememberExport(
		exported: Uint8Array,
		place: ExportPlace,
		files: readonly LocalFile[] | null
	): Promise<ModelFinding> {
		const model = parseExportedModel(new TextDecoder().decode(exported), place.title);
		const frozen = await frozenFromExport(model, place, this.#parts.catalog);
		const bytes = model.files.reduce((sum, file) => sum + file.bytes, 0);
		const variants = [{ bytes, entry: entryOf(frozen), recommended: true }];
		const found = { at: 'export', frozen, files } as const;
		const title = frozen.spec.name;
		const origin = files ? 'files' : 'address';
		return this.#remember(found, origin, { title, variants, assumptions: [] });
	}

	async #describe(
		view: RepositoryView,
		signal: AbortSignal
	): Promise<Omit<ModelFinding, 'id' | 'origin'>> {
		const findLibrary = modelLibrariesOf(this.#parts.catalog);
		return { title: view.title, ...(await findVariants(view, findLibrary, signal)) };
	}

	#remember(
		found: Found,
		origin: ModelFinding['origin'],
		described: Omit<ModelFinding, 'id' | 'origin'>
	): ModelFinding {
		const id = newId();
		this.#found.set(id, found);
		for (const oldest of this.#found.keys())
			if (this.#found.size > rememberedFindings) this.#found.delete(oldest);
		return { id, origin, ...described };
	}
}
