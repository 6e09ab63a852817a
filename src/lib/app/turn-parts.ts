import type { AnswerEngine } from '../chat/chat-ports.ts';
import type { TurnParts } from '../chat/answer-writer.ts';
import { engineInfo } from '../engines/engine-infos.ts';
import type { Services } from './services.ts';

/** What a chat turn is made of: the search over the documents, and the chat engine that is in use at its start. */
export function turnParts(services: Services): TurnParts {
	const { conversations, search, engines, parts } = services;
	const engine: AnswerEngine = {
		describe: async () => {
			const { engine: loaded, setup } = await engines.get('chat');
			return {
				engine: setup.chat,
				extractive: engineInfo(setup.chat.engine).extractive,
				contextTokens: loaded.capabilities.contextTokens
			};
		},
		async *generate(request, signal) {
			const { engine: loaded } = await engines.get('chat');
			yield* loaded.generate(request, { signal });
		}
	};
	return { store: conversations, finder: search, engine, clock: parts.clock };
}
