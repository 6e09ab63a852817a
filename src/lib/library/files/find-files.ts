import { AppError } from '../../core/errors.ts';
import type { RangeSource } from '../../ports/range-source.ts';
import { parseAddress } from '../add/parse-address.ts';
import type { ModelHub } from '../hub/model-hub.ts';
import { folderInAddress } from './folder-in-address.ts';
import type { FoundFiles, ListedFile } from './listed-file.ts';

interface Parts {
	readonly hub: Pick<ModelHub, 'read'>;
	readonly ranges: RangeSource;
	readonly mirrors: readonly string[];
}

/**
 * Lists the files of a repository, pinned to its commit. A plain folder of the web cannot be listed: those of the
 * `likely` names are listed that are there, which is asked one by one.
 * Errors: `add/bad-address`, `download/web-page` where a folder answers with nothing else, those of `ModelHub.read`.
 */
export async function findFiles(
	address: string,
	likely: readonly string[],
	{ hub, ranges, mirrors }: Parts,
	signal: AbortSignal
): Promise<FoundFiles> {
	const parsed = parseAddress(withoutFile(address, likely), mirrors);
	if (parsed.kind === 'hub') {
		const { commit, files } = await hub.read(parsed.source, parsed.revision, signal);
		const { repository: title } = parsed.source;
		return { title, commit, folder: folderInAddress(address), files };
	}
	const files = await probe(parsed.url, likely, ranges, signal);
	const title = parsed.url.replace(/^https?:\/\//, '').replace(/\/$/, '');
	return { title, commit: null, folder: '', files };
}

/** People copy the address of a file of the folder, too. */
function withoutFile(address: string, likely: readonly string[]): string {
	const isPage = /\/(blob|resolve)\//.test(address);
	const name = likely.find((each) => address.trim().endsWith(`/${each}`));
	return name === undefined || isPage ? address : address.trim().slice(0, -name.length);
}

async function probe(
	folder: string,
	likely: readonly string[],
	ranges: RangeSource,
	signal: AbortSignal
): Promise<readonly ListedFile[]> {
	const files: ListedFile[] = [];
	let page: string | undefined;
	for (const path of likely) {
		const url = folder + path.split('/').map(encodeURIComponent).join('/');
		const reply = await ranges.read(url, { from: 0 }, signal).catch(orNull);
		if (!reply) continue;
		await reply.body.cancel();
		if (reply.contentType === 'text/html') page ??= path;
		else files.push({ path, url, bytes: reply.total, sha256: null, gitBlob: null });
	}
	if (files.length === 0 && page !== undefined)
		throw new AppError('download/web-page', {
			details: { host: new URL(folder).host, path: page }
		});
	return files;
}

/** Some hosts say 403 of what is not there. */
function orNull(error: unknown): null {
	const status =
		error instanceof AppError && error.code === 'download/http' && error.details.status;
	if (status === 403 || status === 404 || status === 410) return null;
	throw error;
}
