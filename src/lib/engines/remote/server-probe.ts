import { hasCode } from '../../core/errors.ts';
import type { HttpClient } from '../../ports/http-client.ts';
import { linkedContext } from '../../wire/linked-context.ts';
import { embedTexts } from './embed-texts.ts';
import { OpenAiServer, type ServerAccess } from './open-ai-server.ts';
import type { ServedModel } from './remote-server.ts';
import { servedModels } from './served-models.ts';

/** What a server answered when it was tried. */
export interface ServerFinding {
	/** The address under which it answered. */
	readonly url: string;
	readonly offered: readonly ServedModel[];
}

/**
 * Tries servers, in a worker of its own: pages may not reach them. Each `link` is the port of a `callLink`.
 * Errors: those of `OpenAiServer`.
 */
export class ServerProbe {
	readonly #http: HttpClient;

	constructor(http: HttpClient) {
		this.#http = http;
	}

	/** Asks for its models. Where there is nothing at an address without a path, `/v1` below it is tried, too. */
	async find(access: ServerAccess, link: MessagePort): Promise<ServerFinding> {
		const { signal, close } = linkedContext(link);
		const ask = async ({ url, key }: ServerAccess): Promise<ServerFinding> => {
			const server = new OpenAiServer(this.#http, { url, key });
			return { url, offered: await servedModels(server, signal) };
		};
		try {
			return await ask(access).catch((error: unknown) => {
				const isElsewhere = hasCode(error, 'remote/refused') || hasCode(error, 'remote/bad-answer');
				if (!isElsewhere || new URL(access.url).pathname !== '/') throw error;
				return ask({ ...access, url: `${access.url}/v1` }).catch(() => {
					throw error;
				});
			});
		} finally {
			close();
		}
	}

	/** How many numbers the vectors of that model have. */
	async dims(access: ServerAccess, model: string, link: MessagePort): Promise<number> {
		const { signal, close } = linkedContext(link);
		try {
			const server = new OpenAiServer(this.#http, access);
			const onTruncated = (): void => undefined;
			const [vector] = await embedTexts(server, ['dimensions'], { model, signal, onTruncated });
			return vector?.length ?? 0;
		} finally {
			close();
		}
	}
}
