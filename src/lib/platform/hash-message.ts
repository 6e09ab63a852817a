import type { ErrorCode } from '../core/error-code.ts';
import type { Json } from '../core/json.ts';

/** What the hashing worker is asked, in the order of sending. `hasher` is a number that the caller has chosen. */
export type HashCall =
	| { readonly call: 'create'; readonly hasher: number }
	| { readonly call: 'resume'; readonly hasher: number; readonly state: Uint8Array }
	/** The buffer is transferred, and comes back with the answer. */
	| {
			readonly call: 'update';
			readonly hasher: number;
			readonly buffer: ArrayBuffer;
			readonly length: number;
	  }
	| { readonly call: 'save'; readonly hasher: number }
	/** Ends the hasher. */
	| { readonly call: 'digest'; readonly hasher: number };

/** A call under the number that its answer will have. */
export interface HashRequest {
	readonly id: number;
	readonly call: HashCall;
}

export type HashAnswer =
	/** Of `update` the buffer, of `save` the state, of `digest` the digest. */
	| { readonly id: number; readonly value: unknown }
	| {
			readonly id: number;
			readonly error: {
				readonly code: ErrorCode;
				readonly details: Readonly<Record<string, Json>>;
			};
	  };

/** The end of a worker or port that messages go through. */
export interface HashEndpoint {
	postMessage(message: unknown, transfer: Transferable[]): void;
	addEventListener(type: string, listener: (event: Event) => void): void;
}
