import type { ErrorCode } from './error-code.ts';
import type { Json } from './json.ts';

/** What the user, or the caller for them, may do about an error. */
export type Remedy = 'retry' | 'wait' | 'user-action' | 'repair' | 'reload' | 'none';

interface ErrorText {
	readonly remedy: Remedy;
	/** What happened, one sentence. `{name}` is filled from the error's details. */
	readonly what: string;
	/** The one thing to do. */
	readonly advice: string;
}

/** The one source of error texts, for the UI and for `docs/errors.md`. */
export const errorTable: Readonly<Record<ErrorCode, ErrorText>> = {
	'engine/unknown': {
		remedy: 'user-action',
		what: 'No engine named "{engine}" is known to this version of SAM.',
		advice: 'Choose another engine in Core Engines.'
	},
	'engine/unsupported': {
		remedy: 'user-action',
		what: 'This engine cannot do that here: {reason}.',
		advice: 'Choose another engine in Core Engines.'
	},
	'engine/not-loaded': {
		remedy: 'retry',
		what: 'The engine is not loaded.',
		advice: 'Try again; SAM loads it first.'
	},
	'engine/busy': {
		remedy: 'wait',
		what: 'The engine is busy with something else.',
		advice: 'Wait until it has finished, or stop it.'
	},
	'engine/load-failed': {
		remedy: 'retry',
		what: 'The engine could not be loaded: {reason}.',
		advice: 'Try again, or verify its files in Core Engines.'
	},
	'engine/generate-failed': {
		remedy: 'retry',
		what: 'The engine stopped with an error while answering: {reason}.',
		advice: 'Ask again.'
	},
	'engine/embed-failed': {
		remedy: 'retry',
		what: 'The engine failed while embedding text: {reason}.',
		advice: 'Try again.'
	},
	'engine/device-lost': {
		remedy: 'retry',
		what: 'The graphics device was lost.',
		advice: 'Try again; SAM starts the engine anew.'
	},
	'engine/out-of-memory': {
		remedy: 'user-action',
		what: 'There was not enough memory for this engine.',
		advice: 'Close other tabs, or choose a smaller model.'
	},
	'engine/bad-output': {
		remedy: 'user-action',
		what: 'The engine returned values that cannot be right: {reason}.',
		advice: 'Verify its files in Core Engines, or go back to the previous engine.'
	},
	'engine/context-overflow': {
		remedy: 'user-action',
		what: "The question and its passages do not fit the engine's context.",
		advice: 'Shorten the question or start a new chat.'
	},
	'engine/stalled': {
		remedy: 'retry',
		what: 'The engine said nothing for {seconds} seconds, so SAM ended it.',
		advice: 'Try again, or choose a smaller model.'
	},
	'engine/no-webgpu': {
		remedy: 'user-action',
		what: '{name} needs WebGPU, which this browser does not offer here.',
		advice: 'Update the browser or turn WebGPU on, or choose a model that runs on the processor.'
	},
	'engine/gpu-too-small': {
		remedy: 'user-action',
		what: 'The graphics device cannot run {name}: {reason}.',
		advice: 'Choose a smaller model, or one with another number format.'
	},
	'engine/shader-failed': {
		remedy: 'user-action',
		what: 'The graphics driver could not build the programs of the model: {reason}.',
		advice: 'Update the graphics driver, or choose a model that runs on the processor.'
	},
	'engine/bad-model': {
		remedy: 'repair',
		what: 'The files of {name} are whole, but the engine cannot read them: {reason}.',
		advice: 'Delete the model in Core Engines and choose another one, or another revision.'
	},
	'engine/library-mismatch': {
		remedy: 'user-action',
		what: '{name} was compiled for another version of WebLLM ({has}; this SAM needs {needs}).',
		advice:
			'Check for updates in Core Engines: only the matching library has to be downloaded, the weights stay.'
	},
	'engine/safe-mode': {
		remedy: 'user-action',
		what: 'The tab closed unexpectedly while {name} was being loaded, so SAM did not load it again.',
		advice: 'Choose Try again, or another engine.'
	},
	'remote/unreachable': {
		remedy: 'retry',
		what: 'The server {server} does not answer.',
		advice: 'Check that it runs, and that it allows requests from {origin} (CORS).'
	},
	'remote/unauthorised': {
		remedy: 'user-action',
		what: 'The server {server} does not accept the key.',
		advice: 'Enter another key in Settings.'
	},
	'remote/refused': {
		remedy: 'retry',
		what: 'The server {server} refused the request: {reason}.',
		advice: 'Try again, or choose another model of that server.'
	},
	'remote/bad-answer': {
		remedy: 'retry',
		what: 'The server {server} gave an answer that SAM does not understand: {reason}.',
		advice: 'Check that the address leads to an OpenAI-compatible server.'
	},
	'remote/bad-address': {
		remedy: 'user-action',
		what: '{address} is not an address of a server.',
		advice: 'Enter one such as http://localhost:11434/v1.'
	},
	'remote/not-found': {
		remedy: 'user-action',
		what: 'The server of {name} is not in Settings any more.',
		advice: 'Add the server again in Settings, or choose another engine.'
	},
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
		advice: 'Check the connection and resume the download.'
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
		advice: 'If this network asks you to sign in, do so in another tab; then resume.'
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
	},
	'storage/quota': {
		remedy: 'user-action',
		what: 'The browser has no more room for SAM.',
		advice: 'Free space in Core Engines or on the disk, then resume.'
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
	'migration/running': {
		remedy: 'wait',
		what: 'An upgrade is already under way.',
		advice: 'Finish or undo it first.'
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
	},
	cancelled: { remedy: 'none', what: 'Stopped.', advice: 'Nothing to do.' },
	bug: {
		remedy: 'reload',
		what: 'Something unexpected went wrong: {reason}.',
		advice: 'Reload the app. If it stays, please report it.'
	}
};

/** The sentence and the remedy for an error, with `{placeholders}` filled from `details`. */
export function describeError(
	code: ErrorCode,
	details: Readonly<Record<string, Json>>
): { readonly message: string; readonly advice: string; readonly remedy: Remedy } {
	const text = errorTable[code];
	const fill = (template: string): string =>
		template.replace(/\{(\w+)\}/g, (_, name: string) => {
			const value = details[name];
			return typeof value === 'string' || typeof value === 'number' ? String(value) : 'unknown';
		});
	return { message: fill(text.what), advice: fill(text.advice), remedy: text.remedy };
}
