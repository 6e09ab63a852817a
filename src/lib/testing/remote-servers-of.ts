import type { AppMessage } from '../app/app-message.ts';
import { ChangeFeed } from '../app/change-feed.ts';
import { ServerAccess } from '../app/server-access.ts';
import { RemoteServers } from '../app/views/remote-servers.svelte.ts';
import type { ModelId } from '../core/ids.ts';
import { ServerProbeClient } from '../engines/remote/server-probe-client.ts';
import { ServerProbe } from '../engines/remote/server-probe.ts';
import type { RemoteApi } from '../wire/remote-api.ts';
import { FakeHttpClient } from './fake-http-client.ts';
import { FakeOpenAi } from './fake-open-ai.ts';
import { MemoryRecordStore } from './memory-record-store.ts';
import { MemoryTabHub } from './memory-tab-channel.ts';

/** The servers of the user in one tab, and the one server that there is in this world. */
export class RemoteServersWorld {
	readonly url = 'http://localhost:11434/v1';
	readonly records = new MemoryRecordStore();
	readonly does = new FakeOpenAi();
	readonly http = new FakeHttpClient(this.does, this.url, 'http://localhost:4173');
	/** What engines were allowed to reach, the latest last. */
	readonly allowed: (readonly string[])[] = [];
	readonly access = new ServerAccess({
		records: this.records,
		allowServers: async (origins) => void this.allowed.push(origins)
	});
	readonly tabs = new MemoryTabHub<AppMessage>();
	/** What needs a model. */
	users: readonly string[] = [];
	readonly asked: ModelId[] = [];
	/** Models whose server has answered. */
	readonly answering: ModelId[] = [];

	/** The view of a tab that was opened now. */
	open(): RemoteServers {
		const service = new ServerProbe(this.http) as unknown as RemoteApi<ServerProbe>;
		const host = { api: () => Promise.resolve(service), terminate: () => undefined };
		let now = 0;
		return new RemoteServers({
			records: this.records,
			clock: { now: () => now++ },
			ownOrigin: 'http://localhost:4173',
			probe: new ServerProbeClient(() => host),
			allow: (...more) => this.access.allow(...more),
			usersOf: async (model) => {
				this.asked.push(model);
				return this.users;
			},
			onAnswer: (models) => this.answering.push(...models.map(({ id }) => id)),
			feed: new ChangeFeed(this.tabs.join())
		});
	}
}
