import { backedUpStores } from '../backed-up-stores.ts';
import { pageView } from '../page-view.svelte.ts';
import { BackupsView } from '../views/backups-view.svelte.ts';
import { wizardView } from './wizard-view.ts';

export const backupsView = pageView((app) => {
	const { parts, feed, setup, journal, library, adapters } = app.services;
	const { records, clock, locks } = parts;
	return new BackupsView({
		...{ records, feed },
		choose: (wish) => wizardView(app).chooseSetup(wish),
		backups: async () => {
			const { Backups } = await import('../backups.ts');
			return new Backups({
				...{ records, setup, journal, clock, locks, stores: backedUpStores },
				listings: () => library.listings(),
				onRestored: async () => {
					feed.announce('settings');
					await (await adapters()).keeper.bringInLine();
					feed.announce('adapters');
				},
				collectParts: async () => (await adapters()).collectParts()
			});
		}
	});
});
