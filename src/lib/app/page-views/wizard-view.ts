import { pageView } from '../page-view.svelte.ts';
import { WizardView } from '../views/wizard-view.svelte.ts';
import { scheduleView } from './schedule-view.ts';

export const wizardView = pageView(
	(app) =>
		new WizardView({
			...{ desk: app.services.desk, upgrade: app.upgrade, schedule: scheduleView(app) }
		})
);
