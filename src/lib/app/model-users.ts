import type { ModelId } from '../core/ids.ts';
import type { SetupRecord } from '../core/setup.ts';

/** What needs that model now, in words. */
export function modelUsers(record: SetupRecord, model: ModelId): string[] {
	const users: string[] = [];
	if (record.current.chat.model === model) users.push('your chats');
	if (record.current.embedding.model === model) users.push('your documents');
	const previous = record.trial?.previous;
	if (previous && (previous.chat.model === model || previous.embedding.model === model)) {
		users.push('the way back from the upgrade on trial');
	}
	return users;
}
