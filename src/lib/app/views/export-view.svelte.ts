import type { ModelId } from '../../core/ids.ts';
import type { ModelListing } from '../../library/library-api.ts';
import type { ModelLibrary } from '../../library/model-library.ts';
import type { Notices } from './notices.svelte.ts';

interface Parts {
	readonly library: Pick<ModelLibrary, 'exportTo'>;
	readonly notices: Notices;
}

/** Writes one model at a time into a folder of the user's. */
export class ExportView {
	readonly #parts: Parts;
	#running = $state.raw<{
		readonly model: ModelId;
		readonly done: number;
		readonly total: number;
	} | null>(null);
	#stop = new AbortController();

	constructor(parts: Parts) {
		this.#parts = parts;
	}

	/** The model that is being written, in bytes; null when none is. */
	get running(): { readonly model: ModelId; readonly done: number; readonly total: number } | null {
		return this.#running;
	}

	/** Does nothing while another one is being written. */
	async start(
		{ id, entry, bytes }: ModelListing,
		folder: FileSystemDirectoryHandle
	): Promise<void> {
		if (this.#running) return;
		this.#stop = new AbortController();
		this.#running = { model: id, done: 0, total: bytes ?? 0 };
		const show = (done: number, total: number): void => {
			this.#running = { model: id, done, total };
		};
		await this.#parts.notices.run(async () => {
			await this.#parts.library.exportTo(id, folder, show, this.#stop.signal);
			return `${entry.name} is written to “${folder.name}”, verified on the way. “Add model…” reads it from there.`;
		}, entry.name);
		this.#running = null;
	}

	stop = (): void => this.#stop.abort();
}
