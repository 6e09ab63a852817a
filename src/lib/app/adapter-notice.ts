import { spokenList } from '../core/spoken-list.ts';
import type { AdapterChange } from './adapter-keeper.ts';

/** What has become of adapters, in a line or two for people; null where nothing has. */
export function adapterNotice(changes: readonly AdapterChange[]): string | null {
	const lines = [true, false].flatMap((on) => {
		const of = changes.filter((change) => change.on === on);
		return of.length > 0 ? [lineOf(of, on)] : [];
	});
	return lines.length > 0 ? lines.join(' ') : null;
}

/** The reason of one is told; of several, the page of adapters tells them. */
function lineOf(changes: readonly AdapterChange[], on: boolean): string {
	const become = on ? 'on again' : 'kept, and off';
	const names = spokenList(changes.map(({ name }) => `“${name}”`));
	if (changes.length > 1) {
		return `The adapters ${names} are ${become}.${on ? '' : ' The Tuner says why.'}`;
	}
	return [`The adapter ${names} is ${become}.`, changes[0]?.reason].filter(Boolean).join(' ');
}
