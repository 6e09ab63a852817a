import type { ErrorTexts } from './error-text.ts';

/** Of LoRA adapters. */
export const adapterErrors: ErrorTexts<'adapter'> = {
	'adapter/bad-address': {
		remedy: 'user-action',
		what: '“{address}” is no address of an adapter: {reason}.',
		advice: 'Enter owner/name, or the address of its page or folder.'
	},
	'adapter/unreadable': {
		remedy: 'user-action',
		what: '{file} cannot be read: {reason}.',
		advice: 'Copy or download the adapter again; nothing was added.'
	},
	'adapter/not-peft': {
		remedy: 'user-action',
		what: 'This is no LoRA adapter that SAM can read: {reason}.',
		advice:
			'Choose the folder that PEFT wrote, with adapter_config.json and adapter_model.safetensors.'
	},
	'adapter/unsupported': {
		remedy: 'user-action',
		what: 'This adapter uses {what}, which SAM cannot apply.',
		advice: '{instead}'
	},
	'adapter/no-match': {
		remedy: 'user-action',
		what: 'No part of "{name}" fits {model}: {reason}.',
		advice: 'Use it with the model that it was trained on.'
	},
	'adapter/wrong-shape': {
		remedy: 'user-action',
		what: '"{name}" was made for a model of another size: {module} is {has}, and {model} needs {needs}.',
		advice: 'Use it with the model that it was trained on.'
	},
	'adapter/not-finite': {
		remedy: 'user-action',
		what: '"{name}" holds numbers that are not numbers, in {module}: its training went wrong.',
		advice: 'Use an earlier checkpoint of the training.'
	},
	'adapter/damaged': {
		remedy: 'user-action',
		what: 'The stored files of the adapter "{name}" are damaged.',
		advice: 'Add the adapter again, or put it back from a backup file.'
	},
	'adapter/missing': {
		remedy: 'user-action',
		what: 'The adapter "{name}" is not on this device any more.',
		advice: 'Add it again in the Tuner, or switch it off there.'
	},
	'adapter/duplicate': {
		remedy: 'none',
		what: 'The adapter "{name}" is here already.',
		advice: 'Nothing to do.'
	},
	'adapter/in-use': {
		remedy: 'user-action',
		what: 'The adapter "{name}" is needed: {by}.',
		advice: '{instead}'
	},
	'adapter/upgrading': {
		remedy: 'wait',
		what: 'Adapters stay as they are while an upgrade is under way: it was planned with them.',
		advice: 'Finish the upgrade, or stop it, and then choose again.'
	},
	'adapter/engine': {
		remedy: 'user-action',
		what: '{engine} cannot take adapters: {reason}.',
		advice: '{instead}'
	}
};
