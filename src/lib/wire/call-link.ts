/** What a `CallLink` and the `linkedContext` on its other end say to each other. */
export type LinkMessage<Progress> =
	{ readonly type: 'cancel' } | { readonly type: 'progress'; readonly progress: Progress };

export type OnProgress<Progress> = (progress: Progress) => void;

export interface CallLink {
	/** An argument of the call. It is handed over: use it once. */
	readonly port: MessagePort;
	/** To be called when the call has settled. */
	readonly release: () => void;
}

/** Carries an abort into a remote call, and progress out of it; the callee takes `port` into `linkedContext`. */
export function callLink<Progress = never>(
	signal?: AbortSignal,
	onProgress?: OnProgress<Progress>
): CallLink {
	const { port1: own, port2: port } = new MessageChannel();
	const cancel = (): void => own.postMessage({ type: 'cancel' } satisfies LinkMessage<Progress>);
	own.onmessage = ({ data }: MessageEvent<LinkMessage<Progress>>) => {
		if (data.type === 'progress') onProgress?.(data.progress);
	};
	if (signal?.aborted) cancel();
	signal?.addEventListener('abort', cancel, { once: true });
	const release = (): void => {
		signal?.removeEventListener('abort', cancel);
		own.close();
	};
	return { port, release };
}
