import type { ModelId } from '../core/ids.ts';
import type { Setup, SetupRecord } from '../core/setup.ts';

/** What needs that model now, in words. `next` is what an upgrade under way leads to. */
export function modelUsers(
	record: SetupRecord,
	model: ModelId,
	next: Setup | null = null
): string[] {
	const users: string[] = [];
	if (record.current.chat.model === model) users.push('your chats');
	if (record.current.embedding.model === model) users.push('your documents');
	if (names(record.trial?.previous, model)) users.push('the way back from the upgrade on trial');
	if (users.length === 0 && names(next, model)) users.push('the upgrade that is under way');
	return users;
}

function names(setup: Setup | null | undefined, model: ModelId): boolean {
	return setup?.chat.model === model || setup?.embedding.model === model;
}
