import type { AdapterCheckRow, AdapterRow } from '../../adapters/adapter-records.ts';
import { formatBytes } from '../../core/bytes.ts';
import type { AdapterState } from '../adapter-state.ts';

/** For people, in a word or two. */
export const stateWords: Readonly<Record<AdapterState, string>> = {
	active: 'active',
	off: 'off',
	'needs-check': 'needs check',
	inactive: 'inactive'
};

/** What came of trying it, in a word or two. */
export const checkWords: Readonly<Record<AdapterCheckRow['result'], string>> = {
	works: 'works',
	same: 'changes nothing',
	failed: 'does not work',
	untried: 'could not be tried'
};

/** What it was made for, as far as it is known. */
export function baseWords({ base: { name, model } }: Pick<AdapterRow, 'base'>): string {
	if (model && name && model !== name) return `${model} (${name})`;
	return model ?? (name || 'not stated');
}

/** Its size in a few words: `rank 8 · 14 modules · 1.2 MB`. */
export function sizeWords({ rank, modules, bytes }: AdapterRow): string[] {
	return [`rank ${rank}`, plural(modules.length, 'module'), formatBytes(bytes)];
}

/** What came of trying it: `works, matched 14 of 14 modules`. */
export function checkText(check: AdapterCheckRow): string {
	const words = checkWords[check.result];
	return check.result === 'untried' ? words : `${words}, ${matchWords(check)}`;
}

/** `matched 14 of 14 modules` */
export function matchWords({ matched, of }: Pick<AdapterCheckRow, 'matched' | 'of'>): string {
	return `matched ${matched} of ${plural(of, 'module')}`;
}

function plural(count: number, what: string): string {
	return `${count.toLocaleString('en')} ${what}${count === 1 ? '' : 's'}`;
}
