import { nameOf, type BaseOf, type PairsOfBase } from '../../chat/preferences/select-pairs.ts';
import type { EngineChoice, Setup } from '../../core/setup.ts';
import { countOf } from './model-words.ts';

interface Situation {
	readonly bases: readonly PairsOfBase[];
	readonly baseOf: BaseOf;
	/** The chat engine in use; null until it is known. */
	readonly chat: EngineChoice | null;
	/** What an upgrade under way leads to; null when none is. */
	readonly target: Setup | null;
}

/** What to know before training on these pairs, whole sentences. */
export function preferenceWarnings({ bases, baseOf, chat, target }: Situation): string[] {
	const warnings: string[] = [];
	if (bases.length > 1) {
		const counts = bases.map((each) => `${nameOf(each)} (${each.pairs})`).join(', ');
		warnings.push(
			`These pairs come from ${countOf(bases.length, 'engine')}: ${counts}. An adapter fits one base model: train on one base at a time.`
		);
	}
	const own = chat && bases.find(({ base }) => base === baseOf(chat.model));
	if (own && target && baseOf(target.chat.model) !== own.base) {
		warnings.push(
			`${chat.name}, which ${countOf(own.pairs, 'pair')} come${own.pairs === 1 ? 's' : ''} from, is about to be replaced by ${target.chat.name}. An adapter that is trained for ${chat.name} does not fit ${target.chat.name}, unless both have the same base model.`
		);
	}
	return warnings;
}
