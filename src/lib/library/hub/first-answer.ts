import { AppError } from '../../core/errors.ts';

/**
 * What the first address that answers says; each time that one fails, the next is asked.
 * Errors: that of the last one; `hub/no-host` when there is none; `cancelled` at once.
 */
export async function firstAnswer<T>(
	addresses: readonly string[],
	ask: (address: string) => Promise<T>
): Promise<T> {
	let failure = new AppError('hub/no-host');
	for (const address of addresses)
		try {
			return await ask(address);
		} catch (error) {
			if (!(error instanceof AppError) || error.code === 'cancelled') throw error;
			failure = error;
		}
	throw failure;
}
