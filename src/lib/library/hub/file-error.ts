import { AppError } from '../../core/errors.ts';
import { placeOfUrl } from './file-place.ts';

/**
 * What a host's refusal to give a file means, where that is known: `hub/gated`, `hub/file-missing`. Any other error is
 * returned as it is. `url` is the canonical address of the file.
 */
export function fileError(error: unknown, path: string, url: string): unknown {
	if (!(error instanceof AppError) || error.code !== 'download/http') return error;
	const repository = placeOfUrl(url)?.source.repository ?? new URL(url).host;
	const { status } = error.details;
	if (status === 401 || status === 403)
		return new AppError('hub/gated', { details: { repository }, cause: error });
	if (status === 404)
		return new AppError('hub/file-missing', { details: { repository, path }, cause: error });
	return error;
}
