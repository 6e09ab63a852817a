import { expect, test } from 'vitest';
import type { ModelId } from '../core/ids.ts';
import type { Setup, SetupRecord } from '../core/setup.ts';
import { setupWith } from '../testing/setup-with.ts';
import { modelUsers } from './model-users.ts';

/** A setup with these models. */
function using(chat: string, embedding: string): Setup {
	const setup = setupWith('1', '1');
	return {
		...setup,
		chat: { ...setup.chat, model: chat as ModelId },
		embedding: { ...setup.embedding, model: embedding as ModelId }
	};
}

function record(current: Setup, previous: Setup | null = null): SetupRecord {
	const trial = previous && {
		...{ planId: 'plan' as never, previous, startedAt: 0, keepUntil: 1, unprovenStarts: 0 }
	};
	return { id: 'active', version: 1, sequence: 1, current, since: 0, trial };
}

const model = 'm' as ModelId;
const way = 'the way back from the upgrade on trial';

test.each([
	['nothing', record(using('a', 'b')), []],
	['chats', record(using('m', 'b')), ['your chats']],
	['documents', record(using('a', 'm')), ['your documents']],
	['both', record(using('m', 'm')), ['your chats', 'your documents']],
	['the old chat engine on trial', record(using('a', 'b'), using('m', 'b')), [way]],
	['the old embedding engine on trial', record(using('a', 'b'), using('a', 'm')), [way]]
])('names who needs a model: %s', (_, setup, users) => {
	expect(modelUsers(setup, model)).toEqual(users);
});

test('an upgrade under way needs the models that it leads to', () => {
	const needed = ['the upgrade that is under way'];
	expect(modelUsers(record(using('a', 'b')), model, using('a', 'm'))).toEqual(needed);
	expect(modelUsers(record(using('a', 'b')), model, using('c', 'd'))).toEqual([]);
});

test('a model that the upgrade keeps is named by what uses it now', () => {
	expect(modelUsers(record(using('m', 'b')), model, using('m', 'c'))).toEqual(['your chats']);
});
