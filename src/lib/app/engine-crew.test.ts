import { beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '../core/errors.ts';
import type { ModelId, Sha256 } from '../core/ids.ts';
import { nextTask } from '../core/next-task.ts';
import type { BenchEngine } from '../migration/migration-ports.ts';
import { scriptedModel } from '../testing/scripted-engine.ts';
import { crewSize, EngineCrew } from './engine-crew.ts';

const never = new AbortController().signal;

/** Its vectors are the lengths of the texts; those over 20 characters are cut. */
class Hand implements BenchEngine {
	readonly dims = 1;
	readonly device = 'wasm';
	readonly calls: (readonly string[])[] = [];
	closed = 0;
	fails: AppError | null = null;
	wait: Promise<void> = Promise.resolve();

	embed: BenchEngine['embed'] = async (texts, _purpose, _signal, onTruncated) => {
		this.calls.push(texts);
		await this.wait;
		if (this.fails) throw this.fails;
		onTruncated?.([...texts.keys()].filter((at) => texts[at]!.length > 20));
		return texts.map(({ length }) => new Float32Array([length]));
	};

	async *generate() {
		yield { type: 'text-delta', text: 'by the lead' } as const;
	}

	async close(): Promise<void> {
		this.closed++;
	}
}

let hands: Hand[];
let time: number;
let opening: (signal: AbortSignal) => Promise<BenchEngine>;

beforeEach(() => {
	hands = [new Hand()];
	time = 0;
	opening = async () => {
		const hand = new Hand();
		hands.push(hand);
		return hand;
	};
});

function crew(size = 3): EngineCrew {
	return new EngineCrew({
		...{ lead: hands[0]!, size },
		open: (signal) => opening(signal),
		// Each look at the clock is a second later: a batch takes one.
		now: () => (time += 1000)
	});
}

const texts = Array.from({ length: 24 }, (_, at) => 'x'.repeat(((at * 7) % 24) + 1));
const lengths = texts.map(({ length }) => length);
const values = (vectors: readonly Float32Array[]): number[] => vectors.map(([value]) => value!);

async function worked(team: EngineCrew, batches: number): Promise<void> {
	for (let at = 0; at < batches; at++) await team.embed(texts, 'passage', never);
	await nextTask();
}

describe('EngineCrew', () => {
	test('is the lead alone until there has been some work', async () => {
		const team = crew();
		await worked(team, 1);
		expect(hands).toHaveLength(1);
		await worked(team, 1);
		expect(hands).toHaveLength(3);
	});

	test('gives the vectors in the order of the texts, however they are dealt out', async () => {
		const team = crew();
		await worked(team, 2);
		const cut: number[] = [];
		const vectors = await team.embed(texts, 'passage', never, (places) => cut.push(...places));
		expect(values(vectors)).toEqual(lengths);
		expect(cut).toEqual([...lengths.keys()].filter((at) => lengths[at]! > 20));
	});

	test('deals out about as much to each', async () => {
		const team = crew();
		await worked(team, 2);
		await team.embed(texts, 'passage', never);
		const shares = hands.map(({ calls }) => calls.at(-1)!);
		expect(shares.map(({ length }) => length)).toEqual([8, 8, 8]);
		const sizes = shares.map((share) => share.join('').length);
		expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThan(24);
	});

	test('leaves questions, a few passages and answers to the lead', async () => {
		const team = crew();
		await worked(team, 2);
		const before = hands.slice(1).map(({ calls }) => calls.length);
		await team.embed(texts, 'query', never);
		await team.embed(texts.slice(0, 7), 'passage', never);
		for await (const event of team.generate({} as never, never)) expect(event).toBeDefined();
		expect(hands.slice(1).map(({ calls }) => calls.length)).toEqual(before);
		expect([team.dims, team.device]).toEqual([1, 'wasm']);
	});

	test('goes on alone where no other engine opens, and does not try again', async () => {
		let tries = 0;
		opening = () => {
			tries++;
			return Promise.reject(new AppError('engine/out-of-memory'));
		};
		const team = crew();
		await worked(team, 5);
		expect(values(await team.embed(texts, 'passage', never))).toEqual(lengths);
		expect(tries).toBe(1);
	});

	test('fails as one of them does, once none works any more', async () => {
		const team = crew();
		await worked(team, 2);
		const slow = Promise.withResolvers<undefined>();
		hands[2]!.wait = slow.promise;
		hands[1]!.fails = new AppError('engine/embed-failed');
		let ended = false;
		const call = team.embed(texts, 'passage', never).finally(() => (ended = true));
		call.catch(() => undefined);
		await nextTask();
		expect(ended).toBe(false);
		slow.resolve(undefined);
		await expect(call).rejects.toMatchObject({ code: 'engine/embed-failed' });
	});

	test('ends all of them, also the one that is being opened', async () => {
		const opened = Promise.withResolvers<BenchEngine>();
		let signal: AbortSignal | undefined;
		opening = (given) => {
			signal = given;
			return opened.promise;
		};
		const team = crew();
		await worked(team, 2);
		const closing = team.close();
		expect(signal?.aborted).toBe(true);
		const late = new Hand();
		opened.resolve(late);
		await closing;
		expect([hands[0]!.closed, late.closed]).toEqual([1, 1]);
	});
});

describe('crewSize', () => {
	const model = (bytes: number) => ({
		...scriptedModel,
		id: 'm' as ModelId,
		tasks: ['embed'] as const,
		files: [{ path: 'weights', url: '', bytes, sha256: 'ab' as Sha256 }]
	});

	test('is both cores of two, and leaves one of more to the page', () => {
		const sizes = [1, 2, 3, 4, 5, 16].map((cores) => crewSize(model(50e6), cores, null));
		expect(sizes).toEqual([1, 2, 2, 3, 4, 4]);
	});

	test('is as many as there is memory for, and never none', () => {
		expect(crewSize(model(300e6), 8, null)).toBe(2);
		expect(crewSize(model(2e9), 8, null)).toBe(1);
		expect(crewSize(model(50e6), 8, 500e6)).toBe(2);
		expect(crewSize(model(50e6), 8, 0)).toBe(1);
	});
});
