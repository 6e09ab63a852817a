import type { EngineChoice, Setup } from '../core/setup.ts';

/** True when both name the same engines, index and adapters. Names for people do not count. */
export function sameSetup(a: Setup, b: Setup): boolean {
	return (
		sameEngine(a.chat, b.chat) &&
		sameEngine(a.embedding, b.embedding) &&
		a.index === b.index &&
		a.adapters.length === b.adapters.length &&
		a.adapters.every((use) =>
			b.adapters.some(
				({ adapter, strength }) => adapter === use.adapter && strength === use.strength
			)
		)
	);
}

function sameEngine(a: EngineChoice, b: EngineChoice): boolean {
	return a.engine === b.engine && a.model === b.model && a.revision === b.revision;
}
