import type { ModelId } from '../../core/ids.ts';
import type { ModelSpec } from '../../core/model-spec.ts';
import { hashText } from '../../core/text-hash.ts';
import { remoteInfo } from './remote-info.ts';
import type { RemoteModel, RemoteServer } from './remote-server.ts';

/** The id of the server at that address. */
export async function serverIdOf(url: string): Promise<string> {
	return (await hashText(url)).slice(0, 10);
}

/** Names a model of a server. Two models of it never have the same id. */
export function remoteModelId(server: string, model: string): ModelId {
	const slug = model.replaceAll(
		/[^a-zA-Z0-9.-]/g,
		(character) => `_${character.charCodeAt(0).toString(16)}`
	);
	return `remote-${server}-${slug}` as ModelId;
}

/** What the engine must know of each model that was chosen of that server. Holds neither its address nor its key. */
export function remoteModels(server: RemoteServer): Promise<ModelSpec[]> {
	return Promise.all(server.models.map((chosen) => specOf(server, chosen)));
}

/** The chosen models of these servers, each with where it runs. */
export async function modelsOnServers(
	servers: readonly RemoteServer[]
): Promise<{ readonly spec: ModelSpec; readonly server: { name: string; url: string } }[]> {
	const all = servers.map(async (server) => {
		const { name, url } = server;
		return (await remoteModels(server)).map((spec) => ({ spec, server: { name, url } }));
	});
	return (await Promise.all(all)).flat();
}

async function specOf(
	{ id, name, url }: Pick<RemoteServer, 'id' | 'name' | 'url'>,
	{ model, tasks, contextTokens, dims, prefixes }: RemoteModel
): Promise<ModelSpec> {
	return {
		id: remoteModelId(id, model),
		name: `${model} on ${name}`,
		engine: remoteInfo.kind,
		// Another server or another model makes other vectors. That a server changes a model under its name, nobody tells.
		revision: (await hashText(`${url}\n${model}`)).slice(0, 12),
		...{ tasks, contextTokens, dtype: null, files: [] },
		embedding:
			dims === null
				? null
				: {
						dims,
						pooling: 'none',
						prefixes: prefixes ?? { query: '', passage: '' },
						normalise: true,
						maxTokens: null
					},
		remote: { server: id, model }
	};
}
