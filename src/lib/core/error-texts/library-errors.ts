import type { ErrorTexts } from './error-text.ts';

/** Of the catalog, model hosts and downloads. */
export const libraryErrors: ErrorTexts<'catalog' | 'library' | 'hub' | 'add' | 'download'> = {
	'catalog/invalid': {
		remedy: 'reload',
		what: 'The model catalog is damaged: {reason}.',
		advice: 'Reload the app.'
	},
	'catalog/unreachable': {
		remedy: 'retry',
		what: 'The model catalog could not be read.',
		advice: 'Reload the app.'
	},
	'library/not-installed': {
		remedy: 'user-action',
		what: 'The model "{model}" is not on this device.',
		advice: 'Download it in Core Engines.'
	},
	'library/in-use': {
		remedy: 'user-action',
		what: 'The model "{model}" is in use by {usedBy}.',
		advice: 'Switch to another engine first.'
	},
	'library/no-room': {
		remedy: 'user-action',
		what: '{name} needs {needed} more, and the browser does not give SAM that much.',
		advice: 'Delete a model that you do not use, or free space on the disk; then resume.'
	},
	'library/damaged': {
		remedy: 'repair',
		what: 'Stored parts of {names} are gone: the browser, or a program that cleans up, has cleared them.',
		advice: 'Open Core Engines and choose Repair: only what is missing is downloaded again.'
	},
	'library/export-failed': {
		remedy: 'user-action',
		what: 'The model could not be written to that folder: {reason}.',
		advice: 'Choose another folder with enough space.'
	},
	'hub/no-host': {
		remedy: 'user-action',
		what: 'There is no model host that SAM may ask: the official one is turned off, and there is no mirror.',
		advice: 'Add a mirror in Settings, or allow the official host.'
	},
	'hub/not-found': {
		remedy: 'user-action',
		what: '{host} has no public model {repository} at {revision}.',
		advice: 'Check the name, or choose another model.'
	},
	'hub/gated': {
		remedy: 'user-action',
		what: 'The publisher gives {repository} only to people who have agreed to its terms.',
		advice: "Download it on the publisher's page, then add its files from your disk."
	},
	'hub/bad-answer': {
		remedy: 'retry',
		what: '{host} answered something that SAM does not understand: {reason}.',
		advice: 'Try again later, or use another mirror.'
	},
	'hub/file-missing': {
		remedy: 'user-action',
		what: '{repository} has no file {path} any more.',
		advice: 'Choose another model, or add this one by its address.'
	},
	'hub/disagrees': {
		remedy: 'none',
		what: 'The publisher now lists other bytes for {path} than the catalog of SAM does.',
		advice: 'Do not use this model; a newer SAM may know the new revision.'
	},
	'add/bad-address': {
		remedy: 'user-action',
		what: '“{address}” is no address of a model: {reason}.',
		advice: 'Enter owner/name, the address of a model page, or of a folder that SAM has exported.'
	},
	'add/not-a-model': {
		remedy: 'user-action',
		what: '{title} is no model that SAM can use: {reason}.',
		advice: 'Choose one in ONNX format for Transformers.js, or in MLC format for WebLLM.'
	},
	'add/files-needed': {
		remedy: 'user-action',
		what: 'SAM may not read the files of {name} any more, because the page was reloaded.',
		advice: 'Choose the folder again; what was stored is kept.'
	},
	'add/wrong-files': {
		remedy: 'user-action',
		what: 'The files of {name} cannot be used: {reason}.',
		advice: 'Choose the folder that the model was added from, or add it anew.'
	},
	'download/offline': {
		remedy: 'retry',
		what: 'The model host could not be reached.',
		advice: 'Check the connection; then resume the download, or try again.'
	},
	'download/http': {
		remedy: 'retry',
		what: 'The model host answered with status {status} for {path}.',
		advice: 'Try again later.'
	},
	'download/stalled': {
		remedy: 'retry',
		what: 'The download stopped making progress.',
		advice: 'Resume it.'
	},
	'download/web-page': {
		remedy: 'user-action',
		what: '{host} answered with a web page instead of {path}.',
		advice: 'If this network asks you to sign in, do so in another tab; then resume, or try again.'
	},
	'download/too-large': {
		remedy: 'user-action',
		what: '{path} is larger than {limit}, the most that SAM takes.',
		advice: 'Choose a smaller one.'
	},
	'download/size-mismatch': {
		remedy: 'retry',
		what: '{path} has {actual} bytes where {expected} were promised.',
		advice: 'Download it again.'
	},
	'download/digest-mismatch': {
		remedy: 'retry',
		what: '{path} is not what its publisher signed for: the SHA-256 differs.',
		advice: 'Download it again.'
	}
};
