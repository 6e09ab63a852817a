import type { WireError } from './error-codec.ts';

/** From the producer of a stream. `end` and `error` are the last message. */
export type ProducerMessage<T> =
	| { readonly type: 'items'; readonly items: readonly T[] }
	| { readonly type: 'end' }
	| { readonly type: 'error'; readonly error: WireError };

/** From the consumer: `cancel` asks the producer to finish, `leave` says that nobody listens any more. */
export type ConsumerMessage = { readonly type: 'cancel' } | { readonly type: 'leave' };
