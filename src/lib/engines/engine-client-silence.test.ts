import { describe, expect, test } from 'vitest';
import type { GenerateEvent, GenerateRequest } from '../core/generation.ts';
import { nextTask } from '../core/next-task.ts';
import { clientInProcess } from '../testing/client-in-process.ts';
import { engineServiceOf } from '../testing/engine-service-of.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { ScriptedEngine, scriptedModel, type Script } from '../testing/scripted-engine.ts';
import type { SilenceLimits } from './engine-client.ts';
import type { LoadRequest } from './engine-contract.ts';
import { noFiles } from './no-files.ts';

const { info } = new ScriptedEngine();
const { signal } = new AbortController();
const request: LoadRequest = { spec: scriptedModel, files: noFiles, device: 'auto' };
const question: GenerateRequest = {
	question: 'Hello?',
	messages: [{ role: 'user', content: 'Hello?' }],
	passages: [],
	maxTokens: 10,
	temperature: 0,
	seed: null
};

function setUp(script: Script, silence: Partial<SilenceLimits> = {}) {
	const clock = new ManualClock();
	const service = () => engineServiceOf(info, () => new ScriptedEngine(script));
	const { client, workers } = clientInProcess({ info, service, clock, silence });
	return { client, clock, workers };
}

async function setUpLoaded(script: Script, silence?: Partial<SilenceLimits>) {
	const world = setUp(script, silence);
	await world.client.load(request, { signal });
	return world;
}

/** A pause that never ends, at that point of the script. */
function hangAt(method: string, place = 0): Script {
	return {
		pause: (now, at) =>
			now === method && at === place ? new Promise<void>(() => undefined) : Promise.resolve()
	};
}

/** Lets what crosses the ports arrive, at a standstill of the clock. */
async function settle(): Promise<void> {
	for (let task = 0; task < 20; task++) await nextTask();
}

describe('a load that falls silent', () => {
	test('is ended 300 seconds after its last progress, and leaves the client lost', async () => {
		const { client, clock, workers } = setUp(hangAt('load'));
		const loading = client.load(request, { signal });
		const ending = expect(loading).rejects.toMatchObject({
			code: 'engine/stalled',
			details: { seconds: 300 }
		});
		await settle();
		await clock.advance(299_999);
		expect(client.status).toBe('loading');
		await clock.advance(1);
		await ending;
		expect(client.status).toBe('lost');
		expect(workers[0]?.terminated).toBe(true);
	});

	test('can be tried again after an unload, in a new worker', async () => {
		let silent = true;
		const { client, clock, workers } = setUp({
			pause: () => (silent ? new Promise<void>(() => undefined) : Promise.resolve())
		});
		const loading = client.load(request, { signal });
		const ending = expect(loading).rejects.toMatchObject({ code: 'engine/stalled' });
		await settle();
		await clock.advance(300_000);
		await ending;
		await expect(client.embed(['a'], { signal, purpose: 'query' })).rejects.toMatchObject({
			code: 'engine/stalled'
		});
		silent = false;
		await client.unload();
		await client.load(request, { signal });
		expect(client.status).toBe('ready');
		expect(workers).toHaveLength(2);
	});

	test('has all the time it wants while it makes progress', async () => {
		const clock = new ManualClock();
		const slow = new (class extends ScriptedEngine {
			protected override async doLoad(
				...[loadRequest, context]: Parameters<ScriptedEngine['doLoad']>
			) {
				for (let done = 0; done < 5; done++) {
					await clock.advance(200_000);
					context.onProgress?.({ done, total: 10 });
					await settle();
				}
				return super.doLoad(loadRequest, { signal: context.signal });
			}
		})();
		const service = () => engineServiceOf(info, () => slow);
		const { client } = clientInProcess({ info, service, clock });
		await client.load(request, { signal });
		expect(client.status).toBe('ready');
		expect(clock.monotonic()).toBe(1_000_000);
		expect(clock.sleeping).toBe(0);
	});
});

describe('an answer that falls silent', () => {
	test('before its first word is ended after 300 seconds', async () => {
		const { client, clock, workers } = await setUpLoaded(hangAt('generate'));
		const answer = Array.fromAsync(client.generate(question, { signal }));
		const ending = expect(answer).rejects.toMatchObject({
			code: 'engine/stalled',
			details: { seconds: 300 }
		});
		await settle();
		await clock.advance(299_999);
		expect(client.status).toBe('busy');
		await clock.advance(1);
		await ending;
		expect(client.status).toBe('lost');
		expect(workers[0]?.terminated).toBe(true);
	});

	test('after a word is ended after 60 seconds, with the text so far', async () => {
		const { client, clock } = await setUpLoaded(hangAt('generate', 2));
		const seen: GenerateEvent[] = [];
		const reading = (async () => {
			for await (const event of client.generate(question, { signal })) seen.push(event);
		})();
		const ending = expect(reading).rejects.toMatchObject({
			code: 'engine/stalled',
			details: { seconds: 60 }
		});
		await settle();
		await clock.advance(60_000);
		await ending;
		expect(seen.map((event) => event.type !== 'end' && event.text)).toEqual(['One', ' two']);
		expect(client.status).toBe('lost');
	});

	test('shows life by reasoning too', async () => {
		const reasoning = ['Hm', ', so'];
		const { client, clock } = await setUpLoaded({ ...hangAt('generate', 2), reasoning });
		const ending = expect(
			Array.fromAsync(client.generate(question, { signal }))
		).rejects.toMatchObject({ code: 'engine/stalled', details: { seconds: 60 } });
		await settle();
		await clock.advance(60_000);
		await ending;
	});

	test('that was cancelled has two seconds and no more', async () => {
		const { client, clock } = await setUpLoaded(hangAt('generate', 1));
		const abort = new AbortController();
		const answer = Array.fromAsync(client.generate(question, { signal: abort.signal }));
		await settle();
		abort.abort();
		await clock.advance(2000);
		expect((await answer).at(-1)).toMatchObject({ type: 'end', reason: 'cancelled' });
		await expect(client.embed(['a'], { signal, purpose: 'query' })).rejects.toMatchObject({
			code: 'wire/worker-died'
		});
	});

	test('leaves nothing waiting once it has ended', async () => {
		const { client, clock } = await setUpLoaded({});
		await Array.fromAsync(client.generate(question, { signal }));
		await client.embed(['a'], { signal, purpose: 'passage' });
		expect(clock.sleeping).toBe(0);
		await clock.advance(1_000_000);
		expect(client.status).toBe('ready');
	});
});

describe('an embedding that falls silent', () => {
	test('is ended after 300 seconds', async () => {
		const { client, clock } = await setUpLoaded(hangAt('embed'));
		const vectors = client.embed(['a', 'b'], { signal, purpose: 'passage' });
		const ending = expect(vectors).rejects.toMatchObject({
			code: 'engine/stalled',
			details: { seconds: 300 }
		});
		await settle();
		await clock.advance(300_000);
		await ending;
		expect(client.status).toBe('lost');
	});

	test('is ended after the time that was chosen', async () => {
		const { client, clock } = await setUpLoaded(hangAt('embed'), { embed: 5000 });
		const vectors = client.embed(['a'], { signal, purpose: 'query' });
		const ending = expect(vectors).rejects.toMatchObject({ details: { seconds: 5 } });
		await settle();
		await clock.advance(5000);
		await ending;
		expect(client.status).toBe('lost');
	});
});
