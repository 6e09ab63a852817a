import { hasCode, type AppError } from '../../core/errors.ts';
import type { StoredFile } from '../library-api.ts';
import type { DownloadTools } from './download-tools.ts';
import { downloadFromHost } from './host-download.ts';
import { mostTelling } from './most-telling.ts';
import { PartLedger } from './part-ledger.ts';
import { PartsUnderWay } from './parts-under-way.ts';
import { isHostFailure } from './retry-policy.ts';
import type { WantedFile } from './wanted-file.ts';

type OnReceived = (done: number) => void;

/** Between two parts, progress is told at most this often. Milliseconds. */
const progressInterval = 50;

/** Gets one file, whatever the network does meanwhile. */
export class FileDownload {
	readonly #tools: DownloadTools;
	readonly #file: WantedFile;

	constructor(tools: DownloadTools, file: WantedFile) {
		this.#tools = tools;
		this.#file = file;
	}

	/**
	 * Resolves when every part is stored and the whole file's digest is right. `onBytes` hears the bytes got so far:
	 * at the start, with each part, and now and then between. They are fewer again when the file has to be begun anew.
	 * The addresses are tried in their order; what one has given stays for the next. On abort rejects with `cancelled`;
	 * what is stored stays, and the next run goes on from there. Errors: `download/*` when no address is of use (the
	 * one that tells most), `storage/quota`.
	 */
	async run(onBytes: OnReceived, signal: AbortSignal): Promise<StoredFile> {
		const ledger = await PartLedger.open(this.#tools, this.#file);
		try {
			return await this.#fromAny(ledger, onBytes, signal);
		} finally {
			await ledger.close();
		}
	}

	async #fromAny(
		ledger: PartLedger,
		onBytes: OnReceived,
		signal: AbortSignal
	): Promise<StoredFile> {
		const underWay = new PartsUnderWay(ledger);
		const report = this.#reporter(underWay, onBytes);
		const failures: AppError[] = [];
		const from = async (url: string): Promise<StoredFile | undefined> => {
			try {
				const work = { tools: this.#tools, file: this.#file, url, ledger, underWay };
				await downloadFromHost({ ...work, onBytes: report }, signal);
				return await ledger.finish();
			} catch (error) {
				if (!isHostFailure(error)) throw error;
				failures.push(error);
				return undefined;
			}
		};
		const startAgain = async (): Promise<void> => {
			underWay.clear();
			await ledger.restart();
		};

		report(true);
		// What fails here fails again when it matters.
		ledger.settle().catch(() => undefined);
		for (const url of this.#file.urls) {
			const file = await from(url);
			if (file) return file;
			if (wrongBytes(failures)) break;
		}
		if (wrongBytes(failures)) {
			// One of them has lied, and who it was shows only when nobody else has a hand in it.
			const liar = ledger.onlySource;
			for (const url of this.#file.urls) {
				if (url === liar) continue;
				await startAgain();
				const file = await from(url);
				if (file) return file;
			}
		}
		if (wrongBytes(failures)) await startAgain();
		throw mostTelling(failures);
	}

	#reporter(underWay: PartsUnderWay, onBytes: OnReceived): (important: boolean) => void {
		const { clock } = this.#tools;
		let toldAt = Number.NEGATIVE_INFINITY;
		return (important) => {
			const now = clock.monotonic();
			if (!important && now - toldAt < progressInterval) return;
			toldAt = now;
			onBytes(underWay.received);
		};
	}
}

function wrongBytes(failures: readonly AppError[]): boolean {
	return hasCode(failures.at(-1), 'download/digest-mismatch');
}
