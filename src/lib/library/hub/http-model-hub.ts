import { AppError } from '../../core/errors.ts';
import { toHex } from '../../core/bytes.ts';
import type { RangeSource } from '../../ports/range-source.ts';
import type { ModelSource } from '../catalog/catalog-entry.ts';
import type { DownloadSettings } from '../download/download-settings.ts';
import { fileError } from './file-error.ts';
import { githubRaw } from './file-place.ts';
import { firstAnswer } from './first-answer.ts';
import { gitBlobId } from './git-blob-id.ts';
import { listGithub } from './list-github.ts';
import { listHuggingFace } from './list-hugging-face.ts';
import { hubBases, urlsOf } from './mirrors.ts';
import type { ModelHub, PublishedFile, PublishedModel } from './model-hub.ts';
import { readWhole } from './read-whole.ts';

const smallLimit = 32e6;

export interface HttpModelHubOptions {
	readonly ranges: RangeSource;
	/** Read anew for each question. */
	readonly settings: () => DownloadSettings;
	/** Addresses, with `/` at their end, to ask in place of GitHub's own. */
	readonly github?: { readonly api: string; readonly raw: string };
}

/**
 * The hosts of models over HTTP. Mirrors are asked first, in their order, each time that one fails the next; what the
 * last of them says is what the caller gets. GitHub has no mirrors, and is asked for what lies there alone.
 */
export class HttpModelHub implements ModelHub {
	readonly #ranges: RangeSource;
	readonly #settings: () => DownloadSettings;
	readonly #github: { readonly api: string; readonly raw: string };

	constructor({ ranges, settings, github }: HttpModelHubOptions) {
		this.#ranges = ranges;
		this.#settings = settings;
		this.#github = github ?? { api: 'https://api.github.com/', raw: githubRaw };
	}

	read(source: ModelSource, revision: string, signal: AbortSignal): Promise<PublishedModel> {
		if (source.host === 'github')
			return listGithub(this.#ranges, this.#github.api, source, revision, signal);
		return firstAnswer(hubBases(this.#settings()), (base) =>
			listHuggingFace(this.#ranges, base, source, revision, signal)
		);
	}

	async fetchSmall(file: PublishedFile, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
		if (file.bytes > smallLimit) throw tooLarge(file);
		return firstAnswer(this.#addressesOf(file), async (url) => {
			const bytes = await this.#fetchAll(url, file, signal);
			if (!(await isPublished(bytes, file)))
				throw new AppError('download/digest-mismatch', { details: { path: file.path } });
			return bytes;
		});
	}

	#addressesOf({ url }: PublishedFile): string[] {
		return url.startsWith(githubRaw)
			? [this.#github.raw + url.slice(githubRaw.length)]
			: urlsOf(url, this.#settings());
	}

	async #fetchAll(
		url: string,
		{ path, bytes: expected, url: canonical }: PublishedFile,
		signal: AbortSignal
	): Promise<Uint8Array<ArrayBuffer>> {
		const reply = await this.#ranges.read(url, { from: 0 }, signal).catch((error: unknown) => {
			throw fileError(error, path, canonical);
		});
		if (reply.contentType === 'text/html' && !/\.html?$/i.test(path)) {
			await reply.body.cancel();
			throw new AppError('download/web-page', { details: { host: new URL(url).host, path } });
		}
		const bytes = await readWhole(reply, expected);
		if (bytes?.byteLength !== expected)
			throw new AppError('download/size-mismatch', {
				details: { path, expected, actual: bytes ? bytes.byteLength : `more than ${expected}` }
			});
		return bytes;
	}
}

async function isPublished(
	bytes: Uint8Array<ArrayBuffer>,
	{ sha256, gitBlob }: PublishedFile
): Promise<boolean> {
	if (sha256 === null) return (await gitBlobId(bytes)) === gitBlob;
	return toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))) === sha256;
}

function tooLarge({ url, path }: PublishedFile): AppError {
	const reason = `it lists ${path}, of more than 32 MB, without a SHA-256`;
	return new AppError('hub/bad-answer', { details: { host: new URL(url).host, reason } });
}
