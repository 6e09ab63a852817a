import { leavesDevice } from '../engines/leaves-device.ts';
import type { MigrationPlan } from './plan.ts';
import type { Changes, UpgradeRequest } from './upgrade-request.ts';

type Effects = MigrationPlan['effects'];

/** What the review page promises and admits. `lost` says what will be out of reach until an undo. */
export function describeEffects(
	request: UpgradeRequest,
	changes: Changes,
	needs: MigrationPlan['needs']
): Effects {
	return {
		kept: keptBy(request, changes),
		changed: [
			...changedChat(request, changes),
			...changedIndex(request, changes, needs),
			...sentAway(changes)
		],
		lost: lostWith(request, changes)
	};
}

function keptBy({ setup, options }: UpgradeRequest, changes: Changes): string[] {
	const kept = ['All documents and all chats stay as they are.'];
	if (!changes.chat) kept.push(`${setup.chat.name} stays the chat engine.`);
	if (!changes.embedding) {
		kept.push(`${setup.embedding.name} stays the embedding engine, and its index is not touched.`);
	}
	kept.push(`The present setup can be had back for ${plural(options.keepDays, 'day')}.`);
	return kept;
}

function changedChat({ setup, catalog, chats }: UpgradeRequest, { chat }: Changes): string[] {
	if (!chat) return [];
	const changed = [`Answers come from ${chat.name} instead of ${setup.chat.name}.`];
	const before = catalog.find(({ id }) => id === setup.chat.model)?.contextTokens ?? 0;
	if (before > chat.contextTokens) {
		changed.push(
			`The context gets shorter: ${chat.contextTokens} tokens instead of ${before}, so long chats are cut earlier.`
		);
	}
	const outgrown = chats.filter(({ tokens }) => tokens > chat.contextTokens && tokens <= before);
	if (outgrown.length > 0) changed.push(outgrownBy(outgrown, chat.name));
	return changed;
}

/** Names the first three. */
function outgrownBy(chats: UpgradeRequest['chats'], engine: string): string {
	const names = chats.slice(0, 3).map(({ title }) => `“${title || 'New chat'}”`);
	const more = chats.length - names.length;
	const list = more > 0 ? `${names.join(', ')} and ${more} more` : names.join(', ');
	const are = chats.length === 1 ? 'is' : 'are';
	return `${plural(chats.length, 'chat')} ${are} longer than ${engine} reads at once: ${list}. Their oldest questions will be left out of what it is sent; nothing is deleted.`;
}

function changedIndex(
	{ setup, options, texts, catalog }: UpgradeRequest,
	{ embedding }: Changes,
	needs: MigrationPlan['needs']
): string[] {
	if (!embedding) return [];
	const changed = [`Search uses ${embedding.name} instead of ${setup.embedding.name}.`];
	const ready = texts - needs.texts;
	if (needs.texts > 0) changed.push(`${plural(needs.texts, 'passage')} will be embedded anew.`);
	if (ready > 0) changed.push(`${plural(ready, 'passage')} have their vectors already.`);
	const known = catalog.some(({ id }) => id === setup.embedding.model);
	if (texts > 0 && !options.gate.enabled) {
		changed.push('The quality check is off: the two indexes are not compared before the switch.');
	} else if (texts > 0 && !known) {
		changed.push(
			`The indexes cannot be compared, because ${setup.embedding.name} is no longer in the catalog.`
		);
	}
	return changed;
}

/** What leaves this device from the switch on. */
function sentAway({ chat, embedding }: Changes): string[] {
	const sent: string[] = [];
	if (chat && leavesDevice(chat.engine)) {
		sent.push(
			`What you ask, and the passages that are found for it, leave this device: they are sent to ${chat.name}.`
		);
	}
	if (embedding && leavesDevice(embedding.engine)) {
		sent.push(
			`The text of all your documents, and of what you ask, leaves this device: it is sent to ${embedding.name}, from the start of the upgrade on.`
		);
	}
	return sent;
}

function lostWith({ setup }: UpgradeRequest, { chat }: Changes): string[] {
	const count = setup.adapters.length;
	if (!chat || count === 0) return [];
	return [
		`${plural(count, 'adapter')} made for ${setup.chat.name} will be switched off; they come back with an undo.`
	];
}

function plural(count: number, noun: string): string {
	return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
}
