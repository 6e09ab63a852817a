import { formatBytes } from '../core/bytes.ts';
import { leavesDevice } from '../engines/leaves-device.ts';
import { defaultChunker } from '../knowledge/index-spec.ts';
import { adapterEffects } from './adapter-effects.ts';
import { modelInUse } from './plan-changes.ts';
import { textsIn } from './plan-needs.ts';
import type { MigrationPlan } from './plan.ts';
import type { Changes, IndexChange, UpgradeRequest } from './upgrade-request.ts';

type Effects = MigrationPlan['effects'];

/** Of English prose; other languages have fewer. */
const charactersPerToken = 4;

/** What the review page promises and admits. `lost` says what will be out of reach until an undo. */
export function describeEffects(
	request: UpgradeRequest,
	changes: Changes,
	needs: MigrationPlan['needs']
): Effects {
	const adapters = adapterEffects(request, changes);
	return {
		kept: [...keptBy(request, changes), ...adapters.kept],
		changed: [
			...changedChat(request, changes),
			...changedIndex(request, changes, needs),
			...adapters.changed,
			...sentAway(changes)
		],
		lost: adapters.lost
	};
}

function keptBy({ setup, options }: UpgradeRequest, changes: Changes): string[] {
	const kept = ['All documents and all chats stay as they are.'];
	if (!changes.chat) kept.push(`${setup.chat.name} stays the chat engine.`);
	if (!changes.index) {
		kept.push(`${setup.embedding.name} stays the embedding engine, and its index is not touched.`);
	} else {
		if (!changes.embedding) kept.push(`${setup.embedding.name} stays the embedding engine.`);
		kept.push(
			'The present index is kept whole: it finds your passages until the switch, and again after an undo.'
		);
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
			`The context gets shorter: ${count(chat.contextTokens)} tokens instead of ${count(before)}, so long chats are cut earlier.`
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
	request: UpgradeRequest,
	{ embedding, index }: Changes,
	needs: MigrationPlan['needs']
): string[] {
	if (!index) return [];
	const { setup } = request;
	const changed = [
		embedding
			? `Search uses ${embedding.name} instead of ${setup.embedding.name}.`
			: `${setup.embedding.name} makes a second index, which takes the place of the present one.`,
		...cutAnew(request, index)
	];
	const ready = textsIn(request) - needs.texts;
	if (needs.texts > 0) changed.push(`${plural(needs.texts, 'passage')} will be embedded anew.`);
	if (ready > 0) changed.push(`${plural(ready, 'passage')} have their vectors already.`);
	const room = needs.peakBytes - needs.downloadBytes;
	if (room > 0) {
		changed.push(
			`Until the previous index is cleared away, both take room: at most ${formatBytes(room)} more.`
		);
	}
	return [...changed, ...uncompared(request)];
}

/** How the passages of the new index differ. */
function cutAnew(request: UpgradeRequest, { model, spec }: IndexChange): string[] {
	const before = (request.presentIndex?.chunker ?? defaultChunker).size;
	const { size } = spec.chunker;
	if (size === before) return [];
	const cut = [
		`Passages get ${size < before ? 'shorter' : 'longer'}: ${count(size)} characters instead of ${count(before)} at most, ${count(textsIn(request))} passages instead of ${count(request.texts)}.`
	];
	const reads = model.embedding?.maxTokens ?? null;
	if (reads !== null && size / charactersPerToken > reads) {
		cut.push(
			`${model.name} reads ${count(reads)} tokens of a passage: of longer ones, only the beginning is found by its meaning.`
		);
	}
	return cut;
}

/** Why the indexes are not compared, where they are not. */
function uncompared({ setup, options, texts, catalog }: UpgradeRequest): string[] {
	if (texts === 0) return [];
	if (!options.gate.enabled) {
		return ['The quality check is off: the two indexes are not compared before the switch.'];
	}
	if (modelInUse(catalog, setup.embedding)) return [];
	return [
		`The indexes cannot be compared, because ${setup.embedding.name} is no longer in the catalog.`
	];
}

/** What leaves this device from the switch on. */
function sentAway({ chat, index }: Changes): string[] {
	const embedding = index?.model ?? null;
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

function plural(number: number, noun: string): string {
	return `${count(number)} ${noun}${number === 1 ? '' : 's'}`;
}

function count(number: number): string {
	return number.toLocaleString('en');
}
