import type { ErrorTexts } from './error-text.ts';

/** Of engines, on this device and on servers. */
export const engineErrors: ErrorTexts<'engine' | 'remote'> = {
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
	}
};
