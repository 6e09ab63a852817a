import { describe, expect, test } from 'vitest';
import { journalOf, verified } from '../testing/journal-of.ts';
import { MigrationWorld } from '../testing/migration-world.ts';
import type { JournalEvent } from './journal-entry.ts';
import { exportLog, migrationLog } from './migration-log.ts';

const plan = (await MigrationWorld.create({}, 1)).plan();
const entries = journalOf(
	plan,
	...verified('snapshot'),
	{ type: 'step-started', step: 'download:new' },
	{ type: 'step-checkpoint', step: 'download:new', checkpoint: 1 },
	{ type: 'step-failed', step: 'download:new', code: 'download/offline', message: 'Offline.' },
	{ type: 'paused' },
	{ type: 'resumed' },
	{ type: 'rollback-requested', code: 'migration/stopped', message: 'Enough.' },
	{ type: 'undo-started', step: 'snapshot' },
	{ type: 'undo-finished', step: 'snapshot' },
	{ type: 'rolled-back' }
);

describe('migrationLog', () => {
	test('tells what happened, in sentences with their time', () => {
		const [, afterHead] = migrationLog(entries).split('## What happened\n\n');
		expect(afterHead).toBe(
			[
				'- 1970-01-01T00:00:01.000Z Planned, 8 steps.',
				'- 1970-01-01T00:00:01.001Z "Save the present setup" began.',
				'- 1970-01-01T00:00:01.002Z "Save the present setup" is done and checked.',
				'- 1970-01-01T00:00:01.003Z "Download NEW" began.',
				'- 1970-01-01T00:00:01.005Z "Download NEW" failed: Offline. (download/offline)',
				'- 1970-01-01T00:00:01.006Z Paused.',
				'- 1970-01-01T00:00:01.007Z Resumed.',
				'- 1970-01-01T00:00:01.008Z Going back: Enough. (migration/stopped)',
				'- 1970-01-01T00:00:01.009Z Undoing "Save the present setup".',
				'- 1970-01-01T00:00:01.010Z "Save the present setup" is undone.',
				'- 1970-01-01T00:00:01.011Z The previous setup is in use, as before.',
				''
			].join('\n')
		);
	});

	test('begins with what was changed', () => {
		expect(migrationLog(entries)).toContain('- Chat engine: OLD → NEW');
	});

	test('gives the results and the reasons of the user', () => {
		const events: readonly JournalEvent[] = [
			{ type: 'step-started', step: 'compare' },
			{ type: 'step-verified', step: 'compare', result: { passed: false, queries: 3 } },
			{ type: 'gate-overridden', reason: 'I know better.' },
			{ type: 'switch-approved' },
			{ type: 'kept' },
			{ type: 'committed' }
		];
		const log = migrationLog(journalOf(plan, ...events));
		expect(log).toContain('is done and checked (passed false, queries 3).');
		expect(log).toContain('The quality gate was overridden: I know better.');
		expect(log).toContain('The upgrade is complete.');
	});

	test('can be had of a journal that lost its plan', () => {
		expect(migrationLog(entries.slice(1))).toContain('"snapshot" began.');
	});
});

test('exportLog is complete and can be read back', () => {
	const log = JSON.parse(exportLog(entries)) as unknown;
	expect(log).toEqual({ format: 'sam-upgrade-log', version: 1, entries });
});
