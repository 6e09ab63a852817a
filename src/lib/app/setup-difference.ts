import type { ModelId } from '../core/ids.ts';
import type { EngineChoice, SetupRecord } from '../core/setup.ts';
import { leavesDevice } from '../engines/leaves-device.ts';
import { endOfUpgrade } from '../migration/end-of-upgrade.ts';
import type { JournalEntry } from '../migration/journal-entry.ts';
import type { SnapshotRow } from '../migration/migration-records.ts';
import { sameChoice } from './engine-on-trial.ts';

/** How the setup of a backup differs from the one in use, and how to get back to it. */
export type SetupDifference =
	| { readonly type: 'same' }
	/** The engines are the same, the index is another one: there is nothing to go back to. */
	| { readonly type: 'other-index' }
	/** It is the setup before the trial: Undo brings it back at once. */
	| { readonly type: 'undo' }
	/** Another upgrade is under way or on trial: that one first. */
	| { readonly type: 'busy' }
	| {
			readonly type: 'upgrade';
			/** To choose in the wizard; null keeps what is in use, also where the model is gone. */
			readonly choose: { readonly chat: ModelId | null; readonly embedding: ModelId | null };
			/** `Chat engine: Starter 2 → Starter 1`, those that can be chosen. */
			readonly changes: readonly string[];
			/** Models that cannot, and what to do: whole sentences. */
			readonly missing: readonly string[];
	  };

interface Facts {
	readonly backup: Pick<SnapshotRow, 'planId' | 'record'>;
	readonly record: SetupRecord;
	readonly journals: readonly (readonly JournalEntry[])[];
	/** On this device, in the catalog, or on the user's servers. */
	readonly models: ReadonlySet<ModelId>;
}

const roles = [
	{ role: 'chat', label: 'Chat engine' },
	{ role: 'embedding', label: 'Embedding engine' }
] as const;

export function setupDifference({ backup, record, journals, models }: Facts): SetupDifference {
	const wanted = backup.record.current;
	const { current, trial } = record;
	const changed = roles.filter(({ role }) => !sameChoice(wanted[role], current[role]));
	if (changed.length === 0 && wanted.index === current.index) return { type: 'same' };
	if (trial?.planId === backup.planId) return { type: 'undo' };
	if (changed.length === 0) return { type: 'other-index' };
	if (trial || journals.some((journal) => endOfUpgrade(journal) === null)) return { type: 'busy' };
	const there = changed.filter(({ role }) => models.has(wanted[role].model));
	const choice = (role: 'chat' | 'embedding'): ModelId | null =>
		there.some((each) => each.role === role) ? wanted[role].model : null;
	return {
		type: 'upgrade',
		choose: { chat: choice('chat'), embedding: choice('embedding') },
		changes: there.map(
			({ role, label }) => `${label}: ${current[role].name} → ${wanted[role].name}`
		),
		missing: changed
			.filter((each) => !there.includes(each))
			.map(({ role, label }) => missingText(label, wanted[role]))
	};
}

function missingText(label: string, { engine, name }: EngineChoice): string {
	if (leavesDevice(engine)) {
		return `${label}: ${name} is on a server that SAM does not know any more. Add the server again in Settings, then restore this backup once more.`;
	}
	return `${label}: ${name} is neither on this device nor in the catalog any more. Add it again in Core Engines, or choose another engine in the Migration Wizard.`;
}
