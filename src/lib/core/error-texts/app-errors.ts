import type { ErrorTexts } from './error-text.ts';

/** Of what is stored, of documents and indexes, of upgrades, tabs and workers. */
export const appErrors: ErrorTexts<
	'storage' | 'document' | 'index' | 'migration' | 'backup' | 'tab' | 'wire'
> = {
	'storage/quota': {
		remedy: 'user-action',
		what: 'The browser has no more room for SAM.',
		advice: 'Free space in Core Engines or on the disk; then resume, or try again.'
	},
	'storage/blocked': {
		remedy: 'user-action',
		what: "Another tab holds an older version of SAM's database open.",
		advice: 'Close the other SAM tabs and reload.'
	},
	'storage/version-newer': {
		remedy: 'reload',
		what: 'This tab runs an older SAM than the one that wrote the data.',
		advice: 'Reload the app.'
	},
	'storage/conflict': {
		remedy: 'reload',
		what: 'Another tab wrote the same record first.',
		advice: 'Reload this tab.'
	},
	'storage/missing': {
		remedy: 'repair',
		what: 'Something that should be stored is missing: {what}.',
		advice: 'Repair it in Core Engines, or add it again.'
	},
	'storage/corrupt': {
		remedy: 'repair',
		what: 'Something stored is damaged: {what}.',
		advice: 'Repair it in Core Engines, or add it again.'
	},
	'storage/unavailable': {
		remedy: 'user-action',
		what: 'The browser refuses to store data here: {reason}.',
		advice: 'Open SAM in a normal window, not a private one.'
	},
	'document/unsupported': {
		remedy: 'user-action',
		what: '{name} is of a kind that SAM cannot read.',
		advice: 'Save it as PDF, HTML, Markdown or plain text.'
	},
	'document/unreadable': {
		remedy: 'user-action',
		what: '{name} could not be read: {reason}.',
		advice: 'Open it in its own program, save it again, and add it once more.'
	},
	'document/encrypted': {
		remedy: 'user-action',
		what: '{name} is protected by a password.',
		advice: 'Save a copy without the password and add that.'
	},
	'document/empty': {
		remedy: 'user-action',
		what: '{name} contains no text.',
		advice: 'If it is a scan, run text recognition on it first.'
	},
	'document/too-large': {
		remedy: 'user-action',
		what: '{name} is larger than {limit}.',
		advice: 'Split it and add the parts.'
	},
	'document/interrupted': {
		remedy: 'user-action',
		what: 'Reading {name} was interrupted.',
		advice: 'Add it again.'
	},
	'document/duplicate': {
		remedy: 'none',
		what: '{name} has the same content as a document that is already here.',
		advice: 'Nothing to do.'
	},
	'index/not-ready': {
		remedy: 'wait',
		what: 'The search index is still being built.',
		advice: 'Keyword search works meanwhile.'
	},
	'index/mismatch': {
		remedy: 'repair',
		what: 'The index was made by another embedding engine.',
		advice: 'Rebuild the index with the Migration Wizard.'
	},
	'index/incomplete': {
		remedy: 'retry',
		what: '{missing} of {expected} passages could not be embedded.',
		advice: 'Resume the upgrade to try these passages again.'
	},
	'migration/refused': {
		remedy: 'user-action',
		what: 'This upgrade cannot be started: {reason}.',
		advice: 'Choose another engine or other options.'
	},
	'migration/outdated': {
		remedy: 'user-action',
		what: 'What is in use has changed since this upgrade was planned, for example which adapters are on.',
		advice: 'The plan has been made anew: look at it, then start it.'
	},
	'migration/running': {
		remedy: 'wait',
		what: 'An upgrade is already under way.',
		advice: 'Finish or undo it first.'
	},
	'migration/no-room': {
		remedy: 'user-action',
		what: 'The upgrade needs {needed} and about {free} are free: {short} are missing.',
		advice: 'Delete models that you do not use in Core Engines, then resume.'
	},
	'migration/plan-newer': {
		remedy: 'reload',
		what: 'This plan was made by a newer SAM than this one.',
		advice: 'Reload the app, or make the plan anew in the wizard.'
	},
	'migration/plan-unreadable': {
		remedy: 'user-action',
		what: 'This file cannot be read as a plan: {reason}.',
		advice: 'Choose a file that was saved with "Save plan as file".'
	},
	'migration/canary-failed': {
		remedy: 'user-action',
		what: 'The new engine failed its check: {reason}.',
		advice: 'Keep the present engine, or verify the new one in Core Engines.'
	},
	'migration/gate-failed': {
		remedy: 'user-action',
		what: 'The new engine finds less in your documents than the present one.',
		advice: 'Stop here and keep the present engine, or override with a reason.'
	},
	'migration/verify-failed': {
		remedy: 'retry',
		what: 'The step "{step}" did not leave the result that it should have.',
		advice: 'Start the upgrade again.'
	},
	'migration/stopped': {
		remedy: 'none',
		what: 'You stopped the upgrade.',
		advice: 'Nothing to do: the previous engine is in use.'
	},
	'migration/unknown-step': {
		remedy: 'none',
		what: 'The upgrade has a step that this version of SAM does not know: {title}.',
		advice: 'Nothing has changed; start the upgrade again.'
	},
	'migration/failed-starts': {
		remedy: 'none',
		what: 'The new engine failed to start {tries} times.',
		advice: 'Nothing to do: SAM went back to the previous engine.'
	},
	'migration/journal-corrupt': {
		remedy: 'repair',
		what: "The upgrade's journal cannot be read: {reason}.",
		advice: 'Export the log from History and start the upgrade again.'
	},
	'backup/damaged': {
		remedy: 'user-action',
		what: 'This backup is not what was saved: its fingerprint does not match.',
		advice: 'Nothing has changed. Use another backup, or back up now.'
	},
	'backup/unreadable': {
		remedy: 'user-action',
		what: '{name} is no backup that SAM can read: {reason}.',
		advice: 'Nothing has changed. Choose a file that was saved on the page Backups.'
	},
	'backup/too-large': {
		remedy: 'user-action',
		what: 'The adapters of this backup have {bytes}; a backup file carries {limit} at most.',
		advice: 'Save the largest adapters from the Tuner, one file each.'
	},
	'backup/missing': {
		remedy: 'none',
		what: 'This backup is no longer here.',
		advice: 'Use another backup from the list.'
	},
	'backup/needed': {
		remedy: 'user-action',
		what: 'This backup belongs to an upgrade that is not over.',
		advice: 'Keep or undo the upgrade first.'
	},
	'tab/not-leader': {
		remedy: 'user-action',
		what: 'SAM is in use in another tab.',
		advice: 'Choose "Use here".'
	},
	'tab/leader-changed': {
		remedy: 'retry',
		what: 'Another tab took over while this was running.',
		advice: 'Choose "Use here" and try again.'
	},
	'wire/worker-died': {
		remedy: 'retry',
		what: 'A background part of SAM stopped: {reason}.',
		advice: 'Try again; it is started anew.'
	},
	'wire/timeout': {
		remedy: 'retry',
		what: 'A background part of SAM did not start within {seconds} seconds.',
		advice: 'Try again.'
	}
};
