import type { AppError } from '../core/errors.ts';
import type { ModelId } from '../core/ids.ts';
import type { LocalFile, ModelAddress } from '../library/add/model-address.ts';
import type { ModelFinding } from '../library/add/model-finding.ts';
import type { CatalogEntry } from '../library/catalog/catalog-entry.ts';
import type { FrozenModel } from '../library/frozen-model.ts';
import type { ModelListing } from '../library/library-api.ts';
import type { OnBytes } from '../library/model-library.ts';

/** A library that does nothing, notes what it was told, and answers what it was given. */
export class FakeModelLibrary {
	models: ModelListing[] = [];
	/** What it was told, such as `remove m, used by your chats`. */
	readonly told: string[] = [];
	reads = 0;
	/** What it throws from now on. */
	failing: AppError | null = null;
	frozen: FrozenModel | null = null;
	finding: ModelFinding | null = null;
	added = 'added@0' as ModelId;
	repaired = 0;
	updates = 0;
	/** Awaited by each read and each action. */
	hold: Promise<unknown> = Promise.resolve();
	changed: (model: ModelId) => void = () => undefined;

	async listings(): Promise<ModelListing[]> {
		this.reads++;
		const seen = [...this.models];
		await this.hold;
		if (this.failing) throw this.failing;
		return seen;
	}

	async freeze(id: ModelId): Promise<FrozenModel> {
		await this.#tell(`freeze ${id}`);
		return this.#given(this.frozen);
	}

	install(id: ModelId): Promise<void> {
		return this.#tell(`install ${id}`);
	}

	pause(id: ModelId): Promise<void> {
		return this.#tell(`pause ${id}`);
	}

	move(id: ModelId, where: 'earlier' | 'later'): Promise<void> {
		return this.#tell(`move ${id} ${where}`);
	}

	async verify(id: ModelId): Promise<number> {
		await this.#tell(`verify ${id}`);
		return this.repaired;
	}

	async remove(id: ModelId, usedBy: readonly string[]): Promise<number> {
		await this.#tell(`remove ${id}, used by ${usedBy.join(' and ') || 'nobody'}`);
		return 2_000_000;
	}

	async checkForUpdates(): Promise<number> {
		await this.#tell('check for updates');
		return this.updates;
	}

	giveFiles(id: ModelId, files: readonly LocalFile[]): Promise<void> {
		return this.#tell(`files for ${id}: ${files.map(({ path }) => path).join(', ')}`);
	}

	exportTo(id: ModelId, folder: FileSystemDirectoryHandle): Promise<void> {
		return this.#tell(`export ${id} to ${folder.name}`);
	}

	async inspect(address: ModelAddress): Promise<ModelFinding> {
		const where =
			address.kind === 'text' ? address.text : address.files.map(({ path }) => path).join(', ');
		await this.#tell(`inspect ${where}`);
		return this.#given(this.finding);
	}

	async add(finding: string, entry: CatalogEntry, onBytes: OnBytes): Promise<ModelId> {
		onBytes(1, 4);
		await this.#tell(`add ${entry.name} of ${finding}`);
		return this.added;
	}

	onChange(listener: (model: ModelId) => void): () => void {
		this.changed = listener;
		return () => undefined;
	}

	async #tell(what: string): Promise<void> {
		this.told.push(what);
		await this.hold;
		if (this.failing) throw this.failing;
	}

	#given<T>(answer: T | null): T {
		if (!answer) throw new Error('The test has not said what to answer.');
		return answer;
	}
}
