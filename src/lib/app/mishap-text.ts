import type { ErrorCode } from '../core/error-code.ts';
import type { AppError } from '../core/errors.ts';

/** What went wrong with an engine, and what was done about it. */
export interface Mishap {
	/** Of the model that failed, for people. */
	readonly name: string;
	readonly error: AppError;
	readonly onGpu: boolean;
	readonly then:
		| { readonly how: 'again' | 'processor' }
		/** `adapters`: how many it was started without; `all`: no other ones are on. */
		| { readonly how: 'plain'; readonly adapters: number; readonly all: boolean }
		/** `name`: of the model that was turned to. */
		| { readonly how: 'engine'; readonly name: string };
}

/** One sentence: what happened, and what was done. `worked`: whether that could be loaded. */
export function mishapText(mishap: Mishap, worked: boolean): string {
	const what = whatHappened(mishap);
	const who = what.startsWith(mishap.name) ? 'it' : mishap.name;
	return `${what}, so ${whatWasDone(mishap.then, who, worked)}.`;
}

function whatWasDone(then: Mishap['then'], who: string, worked: boolean): string {
	switch (then.how) {
		case 'again':
			return `${who} was started again`;
		case 'processor':
			return worked ? `${who} went on on the processor` : `${who} was tried on the processor`;
		case 'plain':
			return `${who} ${worked ? 'went on' : 'was tried'} without ${leftOut(then)}`;
		case 'engine':
			return worked ? `${then.name} answered` : `${then.name} was tried`;
	}
}

function leftOut({ adapters, all }: Extract<Mishap['then'], { how: 'plain' }>): string {
	if (!all) return 'that adapter';
	return adapters === 1 ? 'its adapter' : 'its adapters';
}

type Clause = (mishap: Mishap, reason: string) => string;

const gone: Clause = ({ name }) => `Files of ${name} are damaged or gone`;
const stopped: Clause = ({ name }, reason) => `${name} stopped with an error${reason}`;

/** No full stop: the sentence goes on. */
const clauses: Readonly<Partial<Record<ErrorCode, Clause>>> = {
	'engine/device-lost': () => 'The graphics device was lost',
	'engine/out-of-memory': ({ name, onGpu }) =>
		`${name} ran out of memory${onGpu ? ' on the GPU' : ''}`,
	'engine/load-failed': ({ name }, reason) => `${name} could not be loaded${reason}`,
	'engine/bad-model': ({ name }, reason) => `${name} could not be loaded${reason}`,
	'engine/generate-failed': stopped,
	'engine/embed-failed': stopped,
	'engine/stalled': ({ name, error: { details } }) =>
		`${name} said nothing for ${typeof details.seconds === 'number' ? details.seconds : 'many'} seconds`,
	'engine/bad-output': ({ name }) => `${name} returned values that cannot be right`,
	'engine/no-webgpu': ({ name }) => `${name} needs WebGPU, which this browser does not offer here`,
	'engine/gpu-too-small': ({ name }, reason) => `The graphics device cannot run ${name}${reason}`,
	'engine/shader-failed': ({ name }, reason) =>
		`The graphics driver could not build the programs of ${name}${reason}`,
	'engine/library-mismatch': ({ name }) => `${name} was compiled for another version of WebLLM`,
	'engine/not-loaded': ({ name }) => `${name} was ended`,
	'engine/unknown': ({ name }) => `${name} needs an engine that this SAM does not have`,
	'engine/safe-mode': ({ name }) =>
		`The tab closed unexpectedly while ${name} was being loaded the last time`,
	'wire/worker-died': ({ name }) => `${name} stopped unexpectedly`,
	'wire/timeout': ({ name }) => `${name} did not start in time`,
	'library/not-installed': ({ name }) => `${name} is not on this device`,
	'library/damaged': gone,
	'storage/missing': gone,
	'storage/corrupt': gone
};

function whatHappened(mishap: Mishap): string {
	const { code, message, details } = mishap.error;
	const reason = typeof details.reason === 'string' ? ` (${bare(details.reason)})` : '';
	return clauses[code]?.(mishap, reason) ?? bare(message);
}

/** Without the full stop at its end. */
function bare(text: string): string {
	return text.trim().replace(/\.+$/, '');
}
