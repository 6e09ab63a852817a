import type { AnsweringAdapter, MessageRow, Provenance } from '../../chat/chat-records.ts';
import type { EngineDevice } from '../../core/engine-device.ts';
import type { Usage } from '../../core/generation.ts';
import { countOf } from './model-words.ts';
import { tokensPerSecond } from '../../core/tokens-per-second.ts';

export interface AnswerFact {
	readonly label: string;
	readonly value: string;
}

const places: Readonly<Record<EngineDevice, string>> = {
	cpu: 'on the processor',
	wasm: 'on the processor (WebAssembly)',
	webgpu: 'on the GPU (WebGPU)',
	remote: 'on a server'
};

/** How an answer came about, for those who want to know. `engineName`: what an engine of that kind is called. */
export function answerFacts(
	{ provenance, at }: MessageRow,
	engineName: (kind: string) => string
): AnswerFact[] {
	if (!provenance) return [];
	const { engine, device, usage, adapters = [] } = provenance;
	return [
		{ label: 'Model', value: engine.name },
		{ label: 'Revision', value: engine.revision },
		{ label: 'Engine', value: engineName(engine.engine) },
		...adaptersFacts(adapters),
		...(device ? [{ label: 'Computed', value: places[device] }] : []),
		...(usage ? usageFacts(usage, provenance) : []),
		{ label: 'When', value: new Date(at).toLocaleString() }
	];
}

/** Sentences that must be seen without asking for them, above the details. */
export function answerMarks({ provenance }: MessageRow): string[] {
	if (!provenance) return [];
	const { device, engine, end, mishaps = [] } = provenance;
	const marks = [...mishaps];
	if (device === 'remote') {
		marks.push(
			`This answer was written by ${engine.name}: the question and its passages left this device.`
		);
	}
	if (end === 'length') marks.push('Stopped at the limit of its length.');
	return marks;
}

/**
 * What is said above an answer whose engine was not told all of the chat; null where all of it fitted, and where the
 * answer before says the same.
 */
export function droppedTurnsMark(
	{ provenance }: MessageRow,
	earlier: readonly MessageRow[]
): string | null {
	const dropped = provenance?.droppedTurns ?? 0;
	const before = earlier.findLast((message) => message.provenance)?.provenance?.droppedTurns ?? 0;
	if (dropped === 0 || dropped === before) return null;
	const [which, fit, were] =
		dropped === 1
			? ['The oldest question of this chat', 'fits', 'was']
			: [`The oldest ${dropped} questions of this chat`, 'fit', 'were'];
	return `${which} no longer ${fit} this engine and ${were} left out.`;
}

function adaptersFacts(adapters: readonly AnsweringAdapter[]): AnswerFact[] {
	if (adapters.length === 0) return [];
	const names = adapters.map(({ name, strength }) => `${name} (${strengthOf(strength)})`);
	return [{ label: adapters.length === 1 ? 'Adapter' : 'Adapters', value: names.join(', ') }];
}

function usageFacts(usage: Usage, { extractive }: Provenance): AnswerFact[] {
	const { promptTokens, completionTokens, cachedTokens, firstTokenMs } = usage;
	const known = cachedTokens ? `, ${cachedTokens.toLocaleString('en')} of them still known` : '';
	const speed = extractive ? null : tokensPerSecond(usage);
	return [
		{ label: 'First token', value: `after ${secondsOf(firstTokenMs)}` },
		...(speed === null ? [] : [{ label: 'Speed', value: `${rateOf(speed)} tokens/s` }]),
		{ label: 'Prompt', value: `${countOf(promptTokens, 'token')}${known}` },
		{ label: 'Answer', value: countOf(completionTokens, 'token') }
	];
}

/** `1.0`, `0.55`. */
function strengthOf(strength: number): string {
	return strength.toFixed(2).replace(/0$/, '');
}

function secondsOf(ms: number): string {
	if (ms < 100) return `${Math.round(ms)} ms`;
	const seconds = ms / 1000;
	return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
}

function rateOf(perSecond: number): string {
	return perSecond < 10
		? String(Number(perSecond.toFixed(1)))
		: Math.round(perSecond).toLocaleString('en');
}
