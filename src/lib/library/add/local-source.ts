import { throwIfAborted } from '../../core/abort.ts';
import { AppError } from '../../core/errors.ts';
import type { RangeReply, RangeSource } from '../../ports/range-source.ts';
import type { LocalFileRegistry } from './local-file-registry.ts';
import { parseLocalUrl } from './local-url.ts';
import type { LocalFile } from './model-address.ts';
import { unreadableFile } from './read-local.ts';

/**
 * Serves `local:` addresses from the files that the user gave, and all others from `ranges`. Errors besides those of
 * `RangeSource`: `add/files-needed` for a file that nobody gave; `add/wrong-files`, from the stream too, for one that
 * has changed or gone since.
 */
export function localSource(
	ranges: RangeSource,
	registry: Pick<LocalFileRegistry, 'file'>
): RangeSource {
	return {
		read: async (url, range, signal) => {
			const place = parseLocalUrl(url);
			if (!place) return ranges.read(url, range, signal);
			throwIfAborted(signal);
			const local = registry.file(place.model, place.path);
			if (!local) throw new AppError('add/files-needed', { details: { name: place.model } });
			return replyOf(local, range, place.model, signal);
		}
	};
}

function replyOf(
	local: LocalFile,
	range: { readonly from: number; readonly until?: number },
	model: string,
	signal: AbortSignal
): RangeReply {
	const { path, file } = local;
	const body = file.slice(range.from, range.until ?? file.size).stream();
	return {
		body: guarded(body, signal, (cause) => unreadableFile(path, model, cause)),
		from: range.from,
		total: file.size,
		validator: `${file.name} ${file.size} ${file.lastModified}`,
		contentType: null
	};
}

function guarded(
	body: ReadableStream<Uint8Array<ArrayBuffer>>,
	signal: AbortSignal,
	translate: (cause: unknown) => AppError
): ReadableStream<Uint8Array<ArrayBuffer>> {
	const reader = body.getReader();
	return new ReadableStream({
		async pull(controller) {
			try {
				throwIfAborted(signal);
				const { done, value } = await reader.read();
				if (done) controller.close();
				else controller.enqueue(value);
			} catch (error) {
				controller.error(signal.aborted ? new AppError('cancelled') : translate(error));
			}
		},
		cancel: (reason) => reader.cancel(reason)
	});
}
