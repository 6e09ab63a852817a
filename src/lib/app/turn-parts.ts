import type { AnswerEngine } from '../chat/chat-ports.ts';
import type { TurnParts } from '../chat/answer-writer.ts';
import { engineInfo } from '../engines/engine-infos.ts';
import { activeSetup } from './active-setup.ts';
import type { Services } from './services.ts';

/** What a chat turn is made of: the search over the documents, and the chat engine that is in use at its start. */
export function turnParts(services: Services): TurnParts {
	const { conversations, search, setup, engineInUse, parts } = services;
	const engine: AnswerEngine = {
		describe: async () => {
			const { current } = await activeSetup(setup);
			const loaded = await engineInUse('chat');
			return {
				engine: current.chat,
				extractive: engineInfo(current.chat.engine).extractive,
				contextTokens: loaded.capabilities.contextTokens
			};
		},
		async *generate(request, signal) {
			const loaded = await engineInUse('chat');
			yield* loaded.generate(request, { signal });
		}
	};
	return { store: conversations, finder: search, engine, clock: parts.clock };
}
