/** What tabs tell each other. Hints only: who hears `changed` reads again. */
export type AppMessage =
	| { readonly type: 'changed'; readonly what: ChangedThing }
	/** Another tab wants to lead: finish or journal what is running, then give the lock up. */
	| { readonly type: 'release-please'; readonly tab: string };

export type ChangedThing = 'setup' | 'documents' | 'conversations' | 'upgrade' | 'library';
