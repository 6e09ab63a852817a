import type { AdapterCheckRow, AdapterRow } from '../adapters/adapter-records.ts';
import { isLeftOut } from '../adapters/is-left-out.ts';
import type { AdapterVerdict } from '../adapters/adapter-verdict.ts';
import type { EngineChoice } from '../core/setup.ts';

/**
 * `active`: the chat engine answers with it. `off`: it may be on. `needs-check`: it must be tried first. `inactive`: it
 * does not fit the chat engine in use, and is kept.
 */
export type AdapterState = 'active' | 'off' | 'needs-check' | 'inactive';

export interface AdapterSituation {
	readonly row: AdapterRow;
	/** The chat engine in use. */
	readonly chat: EngineChoice;
	/** For that engine. */
	readonly verdict: AdapterVerdict;
	/** Whether it is in the setup. */
	readonly on: boolean;
	/** The last one with that engine. */
	readonly check: AdapterCheckRow | null;
	/** Whether that engine takes adapters at all. */
	readonly supported: boolean;
	/** An upgrade is working: adapters stay as they are. */
	readonly upgrading: boolean;
}

/** The state, and a sentence or two for people: why, and what brings it on. */
export function adapterState(situation: AdapterSituation): {
	readonly state: AdapterState;
	readonly reason: string;
} {
	const { row, chat, verdict, on, supported, upgrading } = situation;
	// While an upgrade is under way it stays in the setup, and the engine is loaded without it.
	if (on && !isLeftOut(situation.check))
		return { state: 'active', reason: activeReason(situation) };
	if (verdict.state === 'no') {
		const why = supported ? verdict.reason : `${chat.name} cannot take adapters.`;
		return { state: 'inactive', reason: `${why} ${wayBack(row)}` };
	}
	if (verdict.state === 'needs-check') return { state: 'needs-check', reason: verdict.reason };
	if (row.wanted) {
		const when = upgrading ? 'as soon as the upgrade is over' : 'in a moment';
		return { state: 'off', reason: `It comes on ${when}.` };
	}
	return { state: 'off', reason: verdict.reason || `It fits ${chat.name}.` };
}

function activeReason({ row, chat, check }: AdapterSituation): string {
	if (row.strength === 0) return `At strength 0, ${chat.name} answers as without it.`;
	if (check?.result === 'same') return check.reason || 'This adapter changes nothing.';
	return `${chat.name} answers with it.`;
}

function wayBack({ base, wanted }: AdapterRow): string {
	const model = base.model ?? base.name;
	const whose = model ? `when ${model} is the chat engine` : 'with the model that it was made for';
	return wanted
		? `It is kept, and comes on${base.model ? ' again' : ''} by itself ${whose}.`
		: `It is kept, and can be switched on ${whose}.`;
}
