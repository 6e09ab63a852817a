import type { ConversationStore } from './conversation-store.ts';
import { estimateTokens } from './estimate-tokens.ts';

/** How much of an engine's context a whole chat takes. */
export interface ChatSize {
	readonly title: string;
	/** Of all its messages, rather too many than too few. */
	readonly tokens: number;
}

/** What a message costs beside its text. */
const tokensPerMessage = 8;

/** Every chat, the one that was used last first. Errors: those of the store. */
export async function chatSizes(
	store: Pick<ConversationStore, 'list' | 'messages'>
): Promise<ChatSize[]> {
	const sizes: ChatSize[] = [];
	for (const { id, title } of await store.list()) {
		const messages = await store.messages(id);
		const tokens = messages.reduce(
			(sum, { text }) => sum + tokensPerMessage + estimateTokens(text),
			0
		);
		sizes.push({ title, tokens });
	}
	return sizes;
}
