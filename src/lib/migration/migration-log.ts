import type { Json } from '../core/json.ts';
import type { Decider, JournalEntry } from './journal-entry.ts';
import { titleOf } from './step-title.ts';
import type { MigrationPlan } from './plan.ts';

/** The journal of one upgrade for people, as Markdown. Also of a journal that cannot be run any more. */
export function migrationLog(entries: readonly JournalEntry[]): string {
	const first = entries[0];
	const plan = first?.type === 'planned' ? first.plan : null;
	const lines = entries
		.filter(({ type }) => type !== 'step-checkpoint')
		.map((entry) => `- ${new Date(entry.at).toISOString()} ${describeEntry(entry, plan)}`);
	return [...headOf(plan), ...lines, ''].join('\n');
}

/** Many logs in one file, each as `exportLog` writes it. */
export function exportLogs(journals: readonly (readonly JournalEntry[])[]): string {
	const upgrades = journals.map((entries) => ({ entries }));
	return JSON.stringify({ format: 'sam-upgrade-logs', version: 1, upgrades }, null, '\t');
}

/** The same as JSON, complete: it can be read back. */
export function exportLog(entries: readonly JournalEntry[]): string {
	return JSON.stringify({ format: 'sam-upgrade-log', version: 1, entries }, null, '\t');
}

function headOf(plan: MigrationPlan | null): string[] {
	if (!plan) return ['# Upgrade', ''];
	return [
		`# Upgrade of ${new Date(plan.createdAt).toISOString()}`,
		'',
		`- Chat engine: ${plan.from.chat.name} → ${plan.to.chat.name}`,
		`- Embedding engine: ${plan.from.embedding.name} → ${plan.to.embedding.name}`,
		`- Plan: \`${plan.id}\``,
		'',
		'## What happened',
		''
	];
}

/** What that entry says, in a sentence. Without the plan a step goes by its id. */
export function describeEntry(entry: JournalEntry, plan: MigrationPlan | null): string {
	const title = (id: string): string => {
		const step = plan?.steps.find((planned) => planned.id === id);
		return step && plan ? `"${titleOf(step, plan)}"` : `"${id}"`;
	};
	switch (entry.type) {
		case 'planned':
			return `Planned, ${entry.plan.steps.length} steps.`;
		case 'step-started':
			return `${title(entry.step)} began.`;
		case 'step-checkpoint':
			return `${title(entry.step)} got further.`;
		case 'step-suspended':
			return `${title(entry.step)} was handed over to another tab.`;
		case 'step-verified':
			return `${title(entry.step)} is done and checked${resultOf(entry.result)}.`;
		case 'step-failed':
			return `${title(entry.step)} failed: ${entry.message} (${entry.code})`;
		case 'paused':
			return 'Paused.';
		case 'resumed':
			return 'Resumed.';
		case 'speed-set':
			return `The speed was set: ${entry.speed}.`;
		case 'gate-overridden':
			return `The quality gate was overridden: ${entry.reason}`;
		case 'switch-approved':
			return 'The switch was approved.';
		case 'extension-wanted':
			return `The previous setup is to be kept until ${new Date(entry.keepUntil).toISOString()}.`;
		case 'extended':
			return 'The trial was extended.';
		case 'rollback-requested':
			return `Going back: ${entry.message} (${entry.code})`;
		case 'undo-started':
			return `Undoing ${title(entry.step)}.`;
		case 'undo-finished':
			return `${title(entry.step)} is undone.`;
		case 'kept':
			return keptBy(entry.by);
		case 'committed':
			return 'The upgrade is complete.';
		case 'rolled-back':
			return 'The previous setup is in use, as before.';
	}
}

function keptBy(by: Decider | undefined): string {
	if (!by) return 'Keep was chosen, or the trial ran out.';
	return by === 'user' ? 'Keep was chosen.' : 'The trial ran out: the new setup stays.';
}

function resultOf(result: Json): string {
	if (typeof result !== 'object' || result === null || Array.isArray(result)) return '';
	const facts = Object.entries(result).map(([name, value]) => `${name} ${JSON.stringify(value)}`);
	return facts.length === 0 ? '' : ` (${facts.join(', ')})`;
}
