import { toHex } from '../core/bytes.ts';
import { AppError, toAppError } from '../core/errors.ts';
import { type DocumentId, newId, type Sha256 } from '../core/ids.ts';
import { hashText } from '../core/text-hash.ts';
import { write } from '../ports/store-write.ts';
import type { ChunkSets, DocumentCuts } from './chunk-sets.ts';
import type { KnowledgeDeps } from './knowledge-deps.ts';
import {
	type DocumentRow,
	documentStore,
	documentTextStore,
	type Section
} from './knowledge-records.ts';
import { type DocumentFile, kindOf, loadFile, readDocument } from './read-document.ts';

/** How an import changes what is stored and known, one change at a time. */
export interface ImportSink {
	/** Runs `change` when no other write is running. */
	readonly exclusive: <T>(change: () => Promise<T>) => Promise<T>;
	/** For which chunkers a document is cut. They may change while it is read. */
	readonly sets: () => Promise<ChunkSets>;
	/** Hears of a document that is stored whole. */
	readonly added: (document: DocumentRow, cuts: DocumentCuts) => Promise<void>;
}

interface Content {
	readonly sections: readonly Section[];
	readonly cuts: DocumentCuts;
	readonly pages: number | null;
}

/**
 * Takes files in, one at a time. A row is stored before the file is read, so that an import that is cut off shows;
 * text, chunks of all chunkers and the finished row are then stored in one commit.
 */
export class DocumentImporter {
	readonly #deps: KnowledgeDeps;
	readonly #sink: ImportSink;

	constructor(deps: KnowledgeDeps, sink: ImportSink) {
		this.#deps = deps;
		this.#sink = sink;
	}

	/** The document's row, `failed` when the file cannot be read. Storage errors are thrown. */
	async import(file: File): Promise<DocumentRow> {
		let loaded: DocumentFile;
		try {
			loaded = await loadFile(file);
		} catch (error) {
			// A file that cannot be read has no hash of its own: here it is known by what can be seen of it.
			const seen = await hashText(JSON.stringify([file.name, file.size, file.lastModified]));
			return await this.#start(file, 'unknown', seen, toAppError(error));
		}
		const contentHash = await hashBytes(loaded.bytes);
		const present = await this.#find(contentHash);
		if (present?.state === 'ready') return present;
		try {
			const kind = kindOf(loaded);
			const row = await this.#start(file, kind, contentHash, null);
			return await this.#finish(row, await this.#read(row, loaded));
		} catch (error) {
			if (!(error instanceof AppError) || error.code !== 'document/unsupported') throw error;
			return await this.#start(file, 'unknown', contentHash, error);
		}
	}

	/** Stores the row of a file that is now being read, or has failed. A failed row of the same file is used again. */
	async #start(
		file: File,
		kind: DocumentRow['kind'],
		contentHash: Sha256,
		error: AppError | null
	): Promise<DocumentRow> {
		const before = await this.#find(contentHash);
		const row: DocumentRow = {
			id: before?.id ?? (newId() as DocumentId),
			name: file.name,
			kind,
			bytes: file.size,
			contentHash,
			addedAt: this.#deps.clock.now(),
			state: error ? 'failed' : 'reading',
			error: error && { code: error.code, message: error.message },
			chunkCount: 0,
			pages: null
		};
		await this.#sink.exclusive(() => this.#deps.records.commit([write.put(documentStore, row)]));
		return row;
	}

	async #read(row: DocumentRow, file: DocumentFile): Promise<Content | AppError> {
		try {
			const kind = row.kind === 'unknown' ? kindOf(file) : row.kind;
			const { sections, pages } = await readDocument(file, kind, this.#deps.openPdfWorker);
			const cuts = await (await this.#sink.sets()).cut(row.id, sections);
			return { sections, cuts, pages };
		} catch (error) {
			return toAppError(error);
		}
	}

	async #finish(row: DocumentRow, content: Content | AppError): Promise<DocumentRow> {
		return await this.#sink.exclusive(async () => {
			const isThere = await this.#deps.records.get(documentStore, row.id);
			// It was removed while it was being read.
			if (!isThere) return failed(row, new AppError('cancelled'));
			if (content instanceof AppError) return await this.#fail(row, content);
			const { sections, pages } = content;
			const sets = await this.#sink.sets();
			const cuts = await sets.cut(row.id, sections, content.cuts);
			const chunkCount = cuts.get(sets.default)?.length ?? 0;
			const ready: DocumentRow = { ...row, state: 'ready', chunkCount, pages };
			try {
				await this.#deps.records.commit([
					write.put(documentTextStore, { documentId: row.id, sections }),
					...[...cuts].flatMap(([{ shelf }, chunks]) => shelf.storing(chunks)),
					write.put(documentStore, ready)
				]);
			} catch (error) {
				await this.#fail(row, toAppError(error)).catch(() => undefined);
				throw error;
			}
			await this.#sink.added(ready, cuts);
			return ready;
		});
	}

	async #fail(row: DocumentRow, error: AppError): Promise<DocumentRow> {
		const failure = failed(row, error);
		await this.#deps.records.commit([write.put(documentStore, failure)]);
		return failure;
	}

	async #find(contentHash: Sha256): Promise<DocumentRow | undefined> {
		const rows = await this.#deps.records.list(documentStore);
		return rows.find((row) => row.contentHash === contentHash);
	}
}

function failed(row: DocumentRow, { code, message }: AppError): DocumentRow {
	return { ...row, state: 'failed', error: { code, message } };
}

async function hashBytes(bytes: Uint8Array<ArrayBuffer>): Promise<Sha256> {
	return toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))) as Sha256;
}
