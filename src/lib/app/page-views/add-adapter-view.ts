import { engineInfo } from '../../engines/engine-infos.ts';
import { pageView } from '../page-view.svelte.ts';
import { AddAdapterView } from '../views/add-adapter-view.svelte.ts';

export const addAdapterView = pageView(({ services, settings }) => {
	const { mayContact, allowHost } = settings.network;
	return new AddAdapterView({
		...{ mayContact, allowHost, network: services.parts.connectivity },
		importer: async () => {
			const { AdapterImporter } = await import('../adapter-import/adapter-importer.ts');
			const { chatModels } = await import('../adapter-import/chat-models.ts');
			const { store, keeper, identityOf, verdictOf } = await services.adapters();
			const { library, parts, setup, directory, feed } = services;
			return new AdapterImporter({
				...{ library, store, identityOf, verdictOf },
				chatModels: () => chatModels({ records: parts.records, setup, directory }),
				engineName: (kind) => engineInfo(kind).name,
				onAdded: async () => {
					// One that was damaged may be wanted. It is stored, whatever comes of that: the next start does it again.
					await keeper.bringInLine().catch(() => undefined);
					feed.announce('adapters');
				}
			});
		}
	});
});
