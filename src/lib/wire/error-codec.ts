import { transferHandlers, type TransferHandler } from 'comlink';
import type { ErrorCode } from '../core/error-code.ts';
import { errorTable } from '../core/error-table.ts';
import { AppError, toAppError } from '../core/errors.ts';
import type { Json } from '../core/json.ts';

/** An `AppError` as it crosses a worker boundary: plain data. */
export interface WireError {
	readonly code: ErrorCode;
	readonly details: Readonly<Record<string, Json>>;
	/** Of the thread it comes from, with the stacks of its causes below. */
	readonly stack: string;
}

/** An error that is not ours crosses as `bug`, an abort as `cancelled`. */
export function encodeError(error: unknown): WireError {
	const { code, details } = toAppError(error);
	return { code, details, stack: stackWithCauses(error) };
}

export function decodeError(wire: WireError): AppError {
	const code = wire.code in errorTable ? wire.code : 'bug';
	const error = new AppError(code, { details: wire.details });
	error.stack = wire.stack;
	return error;
}

let installed = false;

/** Makes calls over Comlink reject with the `AppError` that the other side threw. Needed on both sides, once. */
export function installErrorCodec(): void {
	const builtIn = transferHandlers.get('throw');
	if (installed || !builtIn) return;
	installed = true;
	const handler: TransferHandler<Thrown, WireError> = {
		canHandle: (value): value is Thrown => builtIn.canHandle(value),
		serialize: ({ value }) => [encodeError(value), []],
		deserialize: (wire) => {
			throw decodeError(wire);
		}
	};
	transferHandlers.set('throw', handler);
}

interface Thrown {
	readonly value: unknown;
}

function stackWithCauses(error: unknown): string {
	if (!(error instanceof Error)) return String(error);
	const own = error.stack ?? `${error.name}: ${error.message}`;
	return error.cause === undefined ? own : `${own}\nCaused by: ${stackWithCauses(error.cause)}`;
}
