import type { WireError } from './error-codec.ts';

/** The first message of a service's worker: whether it can be called. */
export type ServiceMessage =
	{ readonly wire: 'ready' } | { readonly wire: 'failed'; readonly error: WireError };

/** Tells it apart from the messages of Comlink. */
export function isServiceMessage(data: unknown): data is ServiceMessage {
	return typeof data === 'object' && data !== null && 'wire' in data;
}
