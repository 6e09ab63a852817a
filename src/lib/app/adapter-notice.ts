import type { AdapterChange } from './adapter-keeper.ts';

/** What has become of adapters, in a line for people; null where nothing has. */
export function adapterNotice(changes: readonly AdapterChange[]): string | null {
	const lines = changes.map(({ name, on, reason }) =>
		[`The adapter “${name}” is ${on ? 'on again' : 'kept, and off'}.`, reason]
			.filter(Boolean)
			.join(' ')
	);
	return lines.length > 0 ? lines.join(' ') : null;
}
