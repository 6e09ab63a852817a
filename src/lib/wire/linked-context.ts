import { AppError } from '../core/errors.ts';
import type { LinkMessage } from './call-link.ts';

export interface LinkedContext<Progress> {
	/** Aborts with `cancelled` when the caller's signal does. */
	readonly signal: AbortSignal;
	readonly onProgress: (progress: Progress) => void;
	/** To be called when the work has settled. */
	readonly close: () => void;
}

/** The callee's end of a `callLink`. */
export function linkedContext<Progress = never>(port: MessagePort): LinkedContext<Progress> {
	const controller = new AbortController();
	port.onmessage = ({ data }: MessageEvent<LinkMessage<Progress>>) => {
		if (data.type === 'cancel') controller.abort(new AppError('cancelled'));
	};
	return {
		signal: controller.signal,
		onProgress: (progress) =>
			port.postMessage({ type: 'progress', progress } satisfies LinkMessage<Progress>),
		close: () => port.close()
	};
}
