import type { PairsOfEngine } from '../../chat/preferences/select-pairs.ts';
import type { EngineChoice, Setup } from '../../core/setup.ts';
import { sameChoice } from '../engine-on-trial.ts';
import { countOf } from './model-words.ts';

interface Situation {
	readonly engines: readonly PairsOfEngine[];
	/** The chat engine in use; null until it is known. */
	readonly chat: EngineChoice | null;
	/** What an upgrade under way leads to; null when none is. */
	readonly target: Setup | null;
}

/** What to know before training on these pairs, whole sentences. */
export function preferenceWarnings({ engines, chat, target }: Situation): string[] {
	const warnings: string[] = [];
	if (engines.length > 1) {
		const counts = engines.map(({ engine, pairs }) => `${engine.name} (${pairs})`).join(', ');
		warnings.push(
			`These pairs come from ${countOf(engines.length, 'engine')}: ${counts}. An adapter fits one base model: train on one base at a time.`
		);
	}
	const own = chat && engines.find(({ engine }) => sameChoice(engine, chat));
	if (own && target && !sameChoice(target.chat, chat)) {
		warnings.push(
			`${chat.name}, which ${countOf(own.pairs, 'pair')} come${own.pairs === 1 ? 's' : ''} from, is about to be replaced by ${target.chat.name}. An adapter that is trained for ${chat.name} does not fit ${target.chat.name}, unless both have the same base model.`
		);
	}
	return warnings;
}
