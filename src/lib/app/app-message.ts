import type { MigrationView } from '../migration/describe-progress.ts';

/** What tabs tell each other. Hints only: who hears `changed` reads again. */
export type AppMessage =
	| { readonly type: 'changed'; readonly what: ChangedThing }
	/** Another tab wants to lead: finish or journal what is running, then give the lock up. */
	| { readonly type: 'release-please'; readonly tab: string }
	/** How far the upgrade is that the leader runs: to be shown, and for nothing else. */
	| { readonly type: 'upgrade-progress'; readonly view: MigrationView }
	/** A tab has been opened, with that build of the app. */
	| { readonly type: 'hello'; readonly build: string };

export type ChangedThing =
	| 'setup'
	| 'documents'
	| 'conversations'
	| 'upgrade'
	| 'reports'
	| 'library'
	| 'settings'
	| 'schedule'
	| 'adapters'
	| 'preferences';
