import { ServerProbeClient } from '../../engines/remote/server-probe-client.ts';
import { modelUsers } from '../model-users.ts';
import { pageView } from '../page-view.svelte.ts';
import { RemoteServers } from '../views/remote-servers.svelte.ts';

export const serversView = pageView(({ services, upgrade }) => {
	const { parts, feed, setup, failures, serverAccess, probeHost } = services;
	const { records, clock } = parts;
	return new RemoteServers({
		...{ records, clock, feed },
		probe: new ServerProbeClient(probeHost),
		ownOrigin: new URL(parts.baseUrl).origin,
		allow: (...more) => serverAccess.allow(...more),
		usersOf: async (model) => {
			const record = await setup.read();
			return record ? modelUsers(record, model, upgrade.target) : [];
		},
		onAnswer: (models) => models.forEach((model) => failures.forget(model))
	});
});
