import { pageView } from '../page-view.svelte.ts';
import { ScheduleView } from '../views/schedule-view.svelte.ts';

export const scheduleView = pageView(({ services }) => {
	const schedule = new ScheduleView({ ...services, conditions: services.parts.conditions });
	void schedule.refresh();
	return schedule;
});
