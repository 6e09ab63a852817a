import { AppError, toAppError } from '../core/errors.ts';
import type { Hasher, HasherFactory } from '../ports/hasher.ts';
import type { HashAnswer, HashCall, HashEndpoint, HashRequest } from './hash-message.ts';

/** Runs hashers for the `WorkerHasherFactory` at the other end. Calls are answered one after another, as they came. */
export function serveHashers(endpoint: HashEndpoint, factory: HasherFactory): void {
	const hashers = new Map<number, Hasher>();

	function find(hasher: number): Hasher {
		const found = hashers.get(hasher);
		if (found) return found;
		throw new AppError('bug', { details: { reason: 'no such hasher' } });
	}

	async function run(call: HashCall): Promise<unknown> {
		switch (call.call) {
			case 'create':
				hashers.set(call.hasher, await factory.create());
				return null;
			case 'resume':
				hashers.set(call.hasher, await factory.resume(call.state));
				return null;
			case 'update':
				await find(call.hasher).update(new Uint8Array(call.buffer, 0, call.length));
				return call.buffer;
			case 'save':
				return find(call.hasher).save();
			case 'digest': {
				const digest = await find(call.hasher).digest();
				hashers.delete(call.hasher);
				return digest;
			}
		}
	}

	async function answer({ id, call }: HashRequest): Promise<void> {
		try {
			const value = await run(call);
			const message: HashAnswer = { id, value };
			endpoint.postMessage(message, value instanceof ArrayBuffer ? [value] : []);
		} catch (error) {
			const { code, details } = toAppError(error);
			const message: HashAnswer = { id, error: { code, details } };
			endpoint.postMessage(message, []);
		}
	}

	let last = Promise.resolve();
	endpoint.addEventListener('message', (event) => {
		last = last.then(() => answer((event as MessageEvent<HashRequest>).data));
	});
}
