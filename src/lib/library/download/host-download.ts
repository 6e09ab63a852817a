import { throwIfAborted } from '../../core/abort.ts';
import { AppError, hasCode } from '../../core/errors.ts';
import { parseLocalUrl } from '../add/local-url.ts';
import { wrongSize } from './check-reply.ts';
import { FileChanged } from './file-changed.ts';
import { HostSession, type SessionWork } from './host-session.ts';
import { isTransient, maxFailures, retryDelay } from './retry-policy.ts';

/** A host that changes the file oftener than this has no stable name for it: only the digest tells then. */
const maxChanges = 2;

/**
 * Gets all that is missing from one host, as often as it takes: waits while there is no network, and tries again after
 * failures that pass. Errors: `download/*` when this host is of no use, `cancelled`, and what storing fails with.
 */
export async function downloadFromHost(
	work: Omit<SessionWork, 'trustsValidators'>,
	signal: AbortSignal
): Promise<void> {
	const { tools, ledger, underWay, file } = work;
	// The user's own disk is there without a network.
	const isAway = (): boolean => !tools.connectivity.online && parseLocalUrl(work.url) === null;
	let failures = 0;
	let changes = 0;
	for (;;) {
		throwIfAborted(signal);
		if (isAway()) await tools.connectivity.whenOnline(signal);
		const before = underWay.received;
		try {
			await new HostSession({ ...work, trustsValidators: changes < maxChanges }).run(signal);
			await ledger.settle();
			if (ledger.complete) return;
			// The disk has not kept what it was given.
			if (++failures > maxFailures)
				throw new AppError('storage/corrupt', { details: { what: file.path } });
		} catch (error) {
			throwIfAborted(signal);
			if (error instanceof FileChanged) {
				changes++;
				underWay.clear();
				await ledger.restart();
				continue;
			}
			if (isOutOfRange(error)) throw wrongSize(file, before);
			if (!isTransient(error)) throw error;
			if (isAway()) continue;
			failures = underWay.received > before ? 1 : failures + 1;
			if (failures > maxFailures) throw error;
			await tools.clock.sleep(retryDelay(failures, tools.random(), error), signal);
		}
	}
}

/** The host has no byte where the file should go on. */
function isOutOfRange(error: unknown): boolean {
	return hasCode(error, 'download/http') && error.details.status === 416;
}
