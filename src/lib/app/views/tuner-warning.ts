import type { EngineChoice, Setup, SetupRecord } from '../../core/setup.ts';
import { engineOnTrial, sameChoice } from '../engine-on-trial.ts';
import type { ScheduledUpgrade } from '../scheduled-upgrade.ts';
import { startConditions } from '../start-condition.ts';

interface Situation {
	/** Null until it has been read. */
	readonly record: SetupRecord | null;
	/** What an upgrade under way leads to; null when none is. */
	readonly target: Setup | null;
	readonly scheduled: Pick<ScheduledUpgrade, 'plan' | 'when'> | null;
}

/** Why this is no time to train an adapter for the chat engine in use; null when it is. Whole sentences. */
export function tunerWarning({ record, target, scheduled }: Situation): string | null {
	if (!record) return null;
	const { chat } = record.current;
	if (target && !sameChoice(target.chat, chat)) {
		return `You are about to replace ${chat.name}: an upgrade to ${target.chat.name} is under way. Finish it before you train an adapter, or train for ${target.chat.name}.`;
	}
	const next = scheduled?.plan.to.chat;
	if (scheduled && next && !sameChoice(next, chat)) {
		return `You are about to replace ${chat.name}: an upgrade to ${next.name} starts ${startConditions[scheduled.when]}. Let it finish before you train an adapter, or train for ${next.name}.`;
	}
	return record.trial && engineOnTrial(record, 'chat')
		? onTrial(chat, record.trial.previous.chat)
		: null;
}

function onTrial(chat: EngineChoice, before: EngineChoice): string {
	return `${chat.name} is on trial, and an undo brings ${before.name} back. Keep it before you train an adapter for it.`;
}
