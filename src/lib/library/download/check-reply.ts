import { AppError } from '../../core/errors.ts';
import type { RangeReply } from '../../ports/range-source.ts';
import type { WantedFile } from './wanted-file.ts';

/** Throws when a reply cannot be the file, whatever its bytes are: `download/web-page`, `download/size-mismatch`. */
export function checkReply(reply: RangeReply, file: WantedFile, url: string): void {
	const { path, bytes } = file;
	if (isPage(reply.contentType) && !/\.x?html?$/i.test(path))
		throw new AppError('download/web-page', { details: { host: new URL(url).host, path } });
	if (reply.total !== null && reply.total !== bytes) throw wrongSize(file, reply.total);
}

/** The file has `actual` bytes at this host. */
export function wrongSize({ path, bytes }: WantedFile, actual: number): AppError {
	return new AppError('download/size-mismatch', { details: { path, actual, expected: bytes } });
}

function isPage(contentType: string | null): boolean {
	return contentType === 'text/html' || contentType === 'application/xhtml+xml';
}
