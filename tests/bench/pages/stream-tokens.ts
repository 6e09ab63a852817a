import type { ModelId } from '../../../src/lib/core/ids.ts';
import type { ModelSpec } from '../../../src/lib/core/model-spec.ts';
import { EngineClient } from '../../../src/lib/engines/engine-client.ts';
import type { EngineService } from '../../../src/lib/engines/engine-service.ts';
import { noFiles } from '../../../src/lib/engines/no-files.ts';
import { SystemClock } from '../../../src/lib/platform/system-clock.ts';
import { WorkerHost } from '../../../src/lib/wire/worker-host.ts';
import { watchLongTasks } from './watch-long-tasks.ts';

/** `burst` has all tokens at once; `tasks` makes each in a task of its own, as engines do. */
export interface StreamWay {
	readonly over: 'wire' | 'messages';
	readonly pace: 'burst' | 'tasks';
}

export interface StreamRun {
	readonly ms: number;
	/** Lengths of the page's tasks that took more than 50 ms. */
	readonly longTasks: readonly number[];
}

export type PlainToken = { readonly text: string } | { readonly end: true };

/** Reads the tokens one by one, as the chat does, and tells what that took. */
export async function streamTokens({ over, pace }: StreamWay, tokens: number): Promise<StreamRun> {
	return over === 'wire' ? overWire(pace, tokens) : overMessages(pace, tokens);
}

const spec: ModelSpec = {
	...{ id: 'instant' as ModelId, name: 'Instant', engine: 'instant', revision: '1' },
	...{ tasks: ['generate'], contextTokens: 100_000, dtype: null, embedding: null, files: [] }
};

async function overWire(pace: StreamWay['pace'], tokens: number): Promise<StreamRun> {
	const clock = new SystemClock();
	const sleep = (ms: number, signal: AbortSignal): Promise<void> => clock.sleep(ms, signal);
	const client = new EngineClient({
		info: { kind: 'instant', name: 'Instant', extractive: false },
		spawn: () =>
			new WorkerHost<EngineService>({
				...{ name: 'instant', readyTimeoutMs: 10_000, sleep },
				spawn: () => new Worker(new URL('./instant.worker.ts', import.meta.url), { type: 'module' })
			}),
		sleep
	});
	const { signal } = new AbortController();
	await client.load({ spec, files: noFiles, device: 'auto' }, { signal });
	const request = {
		...{ question: pace, messages: [], passages: [] },
		...{ maxTokens: tokens, temperature: 0, seed: null }
	};
	const longTasks = watchLongTasks();
	const start = performance.now();
	let read = 0;
	for await (const event of client.generate(request, { signal }))
		if (event.type === 'text-delta') read++;
	const ms = performance.now() - start;
	await client.unload();
	return whole(read, tokens, { ms, longTasks: await longTasks.end() });
}

async function overMessages(pace: StreamWay['pace'], tokens: number): Promise<StreamRun> {
	const worker = new Worker(new URL('./plain-tokens.worker.ts', import.meta.url), {
		type: 'module'
	});
	const answer = (onText: () => void): Promise<void> =>
		new Promise((resolve, reject) => {
			worker.onmessage = ({ data }: MessageEvent<PlainToken>) =>
				'end' in data ? resolve() : onText();
			worker.onerror = (event) => reject(new Error(event.message));
		});
	const ready = answer(() => undefined);
	worker.postMessage({ pace, tokens: 0 });
	await ready;
	const longTasks = watchLongTasks();
	const start = performance.now();
	let read = 0;
	const end = answer(() => read++);
	worker.postMessage({ pace, tokens });
	await end;
	const ms = performance.now() - start;
	worker.terminate();
	return whole(read, tokens, { ms, longTasks: await longTasks.end() });
}

function whole(read: number, tokens: number, run: StreamRun): StreamRun {
	if (read !== tokens) throw new Error(`${read} of ${tokens} tokens came.`);
	return run;
}
