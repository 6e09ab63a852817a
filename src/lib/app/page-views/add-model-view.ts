import { pageView } from '../page-view.svelte.ts';
import { AddModelView } from '../views/add-model-view.svelte.ts';
import { enginesView } from './engines-view.ts';

export const addModelView = pageView((app) => {
	const { mayContact, allowHost } = app.settings.network;
	return new AddModelView({
		...{ library: app.services.library, mayContact, allowHost },
		install: (model) => enginesView(app).install(model)
	});
});
