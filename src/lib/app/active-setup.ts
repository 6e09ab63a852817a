import { AppError } from '../core/errors.ts';
import type { SetupRecord } from '../core/setup.ts';
import type { SetupRepository } from '../migration/setup-repository.ts';

/** What is in use. Errors: `storage/missing` before the app's first start has written it. */
export async function activeSetup(setup: Pick<SetupRepository, 'read'>): Promise<SetupRecord> {
	const record = await setup.read();
	if (!record) throw new AppError('storage/missing', { details: { what: 'the active setup' } });
	return record;
}
