import { AppError } from '../../core/errors.ts';
import type { ModelId } from '../../core/ids.ts';
import type { ModelSpec, Task } from '../../core/model-spec.ts';
import { remoteModelId, remoteModels, serverIdOf } from '../../engines/remote/remote-models.ts';
import {
	remoteServerStore,
	type RemoteModel,
	type RemoteServer
} from '../../engines/remote/remote-server.ts';
import type { ServerProbeClient } from '../../engines/remote/server-probe-client.ts';
import { knownEmbedder } from '../../library/add/known-embedders.ts';
import type { Clock } from '../../ports/clock.ts';
import type { RecordStore } from '../../ports/record-store.ts';
import { write } from '../../ports/store-write.ts';
import type { ChangeFeed } from '../change-feed.ts';
import { countOf } from './model-words.ts';
import { Notices } from './notices.svelte.ts';
import { hostOf, parseServerAddress } from './server-address.ts';

/** A server as a page may know it: its key stays where it is stored. */
export interface ShownServer extends Omit<RemoteServer, 'key'> {
	readonly hasKey: boolean;
}

/** What the user entered. */
export interface ServerDraft {
	readonly name: string;
	readonly address: string;
	readonly key: string;
}

interface Parts {
	readonly records: RecordStore;
	readonly clock: Pick<Clock, 'now'>;
	/** Where the app itself lives. */
	readonly ownOrigin: string;
	readonly probe: Pick<ServerProbeClient, 'find' | 'dims'>;
	/** Lets engines that start from now on reach the servers that are stored, and these; no others. */
	readonly allow: (...more: readonly string[]) => Promise<void>;
	/** What needs that model now, in words. */
	readonly usersOf: (model: ModelId) => Promise<readonly string[]>;
	/** Hears the models of a server that has just answered: whatever was wrong with them may be over. */
	readonly onAnswer: (models: readonly ModelSpec[]) => void;
	readonly feed: Pick<ChangeFeed, 'on' | 'announce'>;
}

/** Where a server does not say how much its models read at once: what small servers are set to. In tokens. */
const assumedContext = 4096;

/** Servers of the user's and what may be used of them. None is asked anything before the user has added it. */
export class RemoteServers {
	/** What came of the last action. */
	readonly notices = new Notices();
	readonly #parts: Parts;
	#list = $state.raw<readonly ShownServer[]>([]);
	#busy = $state<string | null>(null);
	#problem = $state<string | null>(null);

	constructor(parts: Parts) {
		this.#parts = parts;
		parts.feed.on('library', () => void this.#read());
	}

	/** In the order in which they were added. */
	get list(): readonly ShownServer[] {
		return this.#list;
	}

	/** What is under way: the id of a server, or `new`. */
	get busy(): string | null {
		return this.#busy;
	}

	/** What is wrong with the address that was entered last. */
	get problem(): string | null {
		return this.#problem;
	}

	/** Shows those that are stored. */
	async load(): Promise<void> {
		try {
			await this.#read();
		} catch (error) {
			this.notices.show(error);
		}
	}

	/** Tries the server, and adds it only when it answers. True when it was added. */
	async add({ name, address, key }: ServerDraft): Promise<boolean> {
		this.#problem = null;
		this.notices.dismiss();
		const parsed = parseServerAddress(address, this.#parts.ownOrigin);
		if ('problem' in parsed) {
			this.#problem = parsed.problem;
			return false;
		}
		return this.#act('new', async () => {
			const access = { url: parsed.url, key: key.trim() || null };
			const { url, offered } = await this.#try(access);
			const id = await serverIdOf(url);
			if (this.#list.some((server) => server.id === id)) {
				this.#problem = 'This server is in the list already.';
				throw new AppError('cancelled');
			}
			const row: RemoteServer = {
				...{ id, url, key: access.key, offered, models: [] },
				name: name.trim() || hostOf(url),
				addedAt: this.#parts.clock.now()
			};
			await this.#save(row);
			return `${row.name} offers ${countOf(offered.length, 'model')}. Choose what SAM may use.`;
		});
	}

	/** Asks the server again what it offers. */
	test = (id: string): Promise<boolean> =>
		this.#change(id, async (server) => {
			const { offered } = await this.#try(server);
			await this.#save({ ...server, offered });
			this.#parts.onAnswer(await remoteModels(server));
			return `${server.name} answers. It offers ${countOf(offered.length, 'model')}.`;
		});

	/** Tries the key, and keeps it only when the server accepts it. Empty for none. True when it was changed. */
	setKey = (id: string, key: string): Promise<boolean> =>
		this.#change(id, async (row) => {
			const server = { ...row, key: key.trim() || null };
			const { offered } = await this.#try(server);
			await this.#save({ ...server, offered });
			this.#parts.onAnswer(await remoteModels(server));
			return `${server.name} accepts the key.`;
		});

	/** Says whether SAM may use a model for chat, or for embeddings. One that is needed stays. */
	setTask = (id: string, model: string, task: Task, on: boolean): Promise<boolean> =>
		this.#change(id, async (server) => {
			if (!on) await this.#mustBeFree(server, [model]);
			const present = server.models.find((each) => each.model === model);
			const next = on
				? await this.#withTask(server, present ?? unused(server, model), task)
				: without(present ?? unused(server, model), task);
			const others = server.models.filter((each) => each.model !== model);
			await this.#save({
				...server,
				models: next.tasks.length > 0 ? [...others, next] : others
			});
			return null;
		});

	/** How much a chosen model reads at once, in tokens, where the user knows better than the server says. */
	setContext = (id: string, model: string, contextTokens: number): Promise<boolean> =>
		this.#change(id, async (server) => {
			if (!Number.isSafeInteger(contextTokens) || contextTokens < 1) return null;
			const models = server.models.map((each) =>
				each.model === model ? { ...each, contextTokens } : each
			);
			await this.#save({ ...server, models });
			return null;
		});

	/** Forgets the server and its key. One whose models are needed stays. */
	remove = (id: string): Promise<boolean> =>
		this.#change(id, async (server) => {
			await this.#mustBeFree(
				server,
				server.models.map(({ model }) => model)
			);
			await this.#parts.records.commit([write.delete(remoteServerStore, id)]);
			await this.#read();
			await this.#parts.allow();
			return `${server.name} is removed. Nothing is sent there any more.`;
		});

	/** A model without vectors is one that does not embed, or that its server does not let embed. */
	async #withTask(server: RemoteServer, chosen: RemoteModel, task: Task): Promise<RemoteModel> {
		const tasks = chosen.tasks.includes(task) ? chosen.tasks : [...chosen.tasks, task];
		if (task === 'generate') return { ...chosen, tasks };
		const { probe } = this.#parts;
		const dims = await probe.dims(server, chosen.model, new AbortController().signal);
		const prefixes = knownEmbedder(chosen.model)?.prefixes ?? null;
		return { ...chosen, tasks, dims, prefixes };
	}

	async #mustBeFree(server: RemoteServer, models: readonly string[]): Promise<void> {
		for (const model of models) {
			const users = await this.#parts.usersOf(remoteModelId(server.id, model));
			if (users.length === 0) continue;
			const details = { model, usedBy: users.join(' and ') };
			throw new AppError('library/in-use', { details });
		}
	}

	/** A server may be reached while it is tried; when it is not added, no longer. */
	async #try(access: Pick<RemoteServer, 'url' | 'key'>) {
		const { url, key } = access;
		await this.#parts.allow(url);
		try {
			return await this.#parts.probe.find({ url, key }, new AbortController().signal);
		} catch (error) {
			await this.#parts.allow();
			throw error;
		}
	}

	async #save(row: RemoteServer): Promise<void> {
		await this.#parts.records.commit([write.put(remoteServerStore, row)]);
		await this.#read();
	}

	async #read(): Promise<void> {
		const rows = await this.#parts.records.list(remoteServerStore);
		this.#list = rows
			.sort((a, b) => a.addedAt - b.addedAt)
			.map(({ key, ...server }) => ({ ...server, hasKey: key !== null }));
	}

	#change(id: string, work: (server: RemoteServer) => Promise<string | null>): Promise<boolean> {
		return this.#act(id, async () => {
			const row = await this.#parts.records.get(remoteServerStore, id);
			if (row) return work(row);
			const name = this.#list.find((server) => server.id === id)?.name ?? id;
			throw new AppError('remote/not-found', { details: { name } });
		});
	}

	/** One at a time: whoever is late does nothing. True when it went well. */
	async #act(what: string, work: () => Promise<string | null>): Promise<boolean> {
		if (this.#busy !== null) return false;
		this.#busy = what;
		let isDone = false;
		await this.notices.run(async () => {
			const notice = await work();
			isDone = true;
			return notice;
		});
		this.#busy = null;
		this.#parts.feed.announce('library');
		return isDone;
	}
}

function unused(server: RemoteServer, model: string): RemoteModel {
	const offered = server.offered.find((each) => each.model === model);
	const contextTokens = offered?.contextTokens ?? assumedContext;
	return { model, contextTokens, tasks: [], dims: null, prefixes: null };
}

function without(chosen: RemoteModel, task: Task): RemoteModel {
	const tasks = chosen.tasks.filter((each) => each !== task);
	return task === 'embed' ? { ...chosen, tasks, dims: null, prefixes: null } : { ...chosen, tasks };
}
