import type { RemoteModel, RemoteServer } from '../engines/remote/remote-server.ts';
import { remoteModels } from '../engines/remote/remote-models.ts';
import type { ModelSpec } from '../core/model-spec.ts';

export const testKey = 'sk-very-secret-key';

export const chatModel: RemoteModel = {
	...{ model: 'tiny-chat:1b', tasks: ['generate'], contextTokens: 4096, dims: null },
	prefixes: null
};

export const embedModel: RemoteModel = {
	...{ model: 'org/tiny-embed', tasks: ['embed'], contextTokens: 512, dims: 8 },
	prefixes: { query: 'query: ', passage: 'passage: ' }
};

/** A server of the user's at that address, with a chat model and one for embeddings. */
export function serverAt(url: string, changes: Partial<RemoteServer> = {}): RemoteServer {
	return {
		...{ id: 'server0001', name: 'Test server', url, key: testKey, addedAt: 0 },
		offered: [
			{ model: chatModel.model, contextTokens: 4096 },
			{ model: embedModel.model, contextTokens: 512 }
		],
		models: [chatModel, embedModel],
		...changes
	};
}

/** The specs of its chat model and of its model for embeddings. */
export async function specsOf(server: RemoteServer): Promise<[ModelSpec, ModelSpec]> {
	const [chat, embed] = await remoteModels({ ...server, models: [chatModel, embedModel] });
	if (!chat || !embed) throw new Error('The server has lost its models');
	return [chat, embed];
}
