import { beforeEach, describe, expect, test } from 'vitest';
import {
	tinyAdapter,
	type TinyAdapterOptions
} from '../../../../tests/fixtures/tiny-adapters/tiny-adapter.ts';
import { adapterFit } from '../../adapters/adapter-fit.ts';
import { AdapterStore } from '../../adapters/adapter-store.ts';
import type { BaseIdentity } from '../../adapters/base-identity.ts';
import { hasCode } from '../../core/errors.ts';
import type { ModelId, Sha256 } from '../../core/ids.ts';
import type { ModelSpec } from '../../core/model-spec.ts';
import { Sha256HasherFactory } from '../../platform/sha256-hasher.ts';
import { frozen } from '../../testing/frozen.ts';
import { LibraryWorld, neverAborted } from '../../testing/library-world.ts';
import { AdapterImporter } from './adapter-importer.ts';
import type { AdapterProposal } from './adapter-proposal.ts';
import type { ChatModel } from './chat-models.ts';
import type { FoundAdapter } from './found-adapter.ts';

const tinyIdentity: BaseIdentity = {
	architecture: 'llama',
	...{ hiddenSize: 64, layers: 2, heads: 4, keyValueHeads: 2, intermediateSize: 128 },
	...{ vocabulary: 96, tokenizer: 'f'.repeat(64) as Sha256 }
};
const wideIdentity: BaseIdentity = { ...tinyIdentity, hiddenSize: 128 };
const identities: Readonly<Record<string, BaseIdentity>> = {
	'tiny@v1': tinyIdentity,
	'twin@v1': tinyIdentity,
	'wide@v1': wideIdentity
};
const modelOf = (entry: string, name: string, inUse = false, repository = ''): ChatModel => {
	const spec: ModelSpec = { ...frozen(entry, 'v1', [1]).spec, name };
	return { spec, repository: repository || null, inUse };
};
const quiet = (): void => undefined;

let world: LibraryWorld;
let models: ChatModel[];
let added: number;
let importer: AdapterImporter;

beforeEach(() => {
	world = new LibraryWorld(new Sha256HasherFactory());
	models = [modelOf('tiny', 'Tiny Llama', true)];
	added = 0;
	const identityOf = (model: ModelId) => Promise.resolve(identities[model] ?? null);
	importer = new AdapterImporter({
		library: world.tab(),
		store: new AdapterStore(world),
		chatModels: () => Promise.resolve(models),
		identityOf,
		verdictOf: async (row, { id, name }) =>
			adapterFit(row, { id, name, identity: await identityOf(id) }, null),
		engineName: (kind) => kind.toUpperCase(),
		onAdded: () => added++
	});
});

/** Its files as a folder of this machine. */
async function findHere(
	options: TinyAdapterOptions = {},
	change: (files: Map<string, Uint8Array<ArrayBuffer>>) => void = quiet
): Promise<FoundAdapter> {
	const files = new Map(tinyAdapter(options));
	change(files);
	const local = [...files].map(([path, bytes]) => ({ path, file: new File([bytes], path) }));
	const source = { kind: 'files', files: local, folder: 'pirate' } as const;
	const [found] = await importer.find(source, neverAborted());
	return found!;
}
const propose = async (...args: Parameters<typeof findHere>): Promise<AdapterProposal> =>
	importer.inspect(await findHere(...args), quiet, neverAborted());
const stored = (): string[] =>
	[...world.records.everything()].flatMap(([name, rows]) => (rows.length > 0 ? [name] : []));

describe('what is proposed', () => {
	test('tells all that a person wants to know of it', async () => {
		expect(await propose({ ranks: { v_proj: 8 }, baseName: 'acme/tiny-llama' })).toMatchObject({
			name: 'pirate',
			source: 'pirate',
			trainedOn: 'acme/tiny-llama',
			rank: 8,
			modules: 4,
			targets: ['q_proj', 'v_proj'],
			isZero: false
		});
		expect(stored()).toEqual([]);
	});

	test('has the size of its files, and says when it changes nothing', async () => {
		const proposal = await propose({ zero: true, shards: 2 });
		const bytes = [...tinyAdapter({ zero: true, shards: 2 }).values()];
		expect(proposal.bytes).toBe(bytes.reduce((sum, { length }) => sum + length, 0));
		expect(proposal.isZero).toBe(true);
	});

	test('is called after its base where its files tell no name', async () => {
		const file = (path: string) => ({ path, file: new File([tinyAdapter().get(path)!], path) });
		const files = [file('adapter_config.json'), file('adapter_model.safetensors')];
		const source = { kind: 'files', files, folder: null } as const;
		const [found] = await importer.find(source, neverAborted());
		const { name } = await importer.inspect(found!, quiet, neverAborted());
		expect(name).toBe('Adapter for tiny-llama');
	});

	test('says of every model how it stands to it, the one in use first', async () => {
		models = [
			modelOf('wide', 'Wide Llama', true),
			modelOf('mystery', 'Mystery'),
			modelOf('tiny', 'Tiny Llama')
		];
		const proposal = await propose();
		expect(
			proposal.models.map(({ choice, engine, inUse, verdict }) => [
				...[choice.name, engine, inUse, verdict.state]
			])
		).toEqual([
			['Wide Llama', 'TRANSFORMERS', true, 'no'],
			['Mystery', 'TRANSFORMERS', false, 'needs-check'],
			['Tiny Llama', 'TRANSFORMERS', false, 'needs-check']
		]);
		expect(proposal.models[0]?.verdict.reason).toContain('another model than Wide Llama');
	});
});

describe('the base model that is proposed', () => {
	test('is the one that is called as its base is', async () => {
		models = [
			modelOf('twin', 'Other', true),
			modelOf('tiny', 'My own', false, 'x/tiny-llama-ONNX')
		];
		expect((await propose({ baseName: 'acme/Tiny-Llama' })).base).toBe('tiny@v1');
	});

	test('is else the one in use', async () => {
		models = [modelOf('twin', 'Other', true), modelOf('tiny', 'My own')];
		expect((await propose({ baseName: 'acme/unheard-of' })).base).toBe('twin@v1');
	});

	test('is never one that it contradicts, nor one that is merely there', async () => {
		models = [modelOf('wide', 'Tiny Llama', true), modelOf('twin', 'Other')];
		expect((await propose({ baseName: 'acme/tiny-llama' })).base).toBeNull();
	});
});

describe('adding', () => {
	test('stores it, tied to the chosen model', async () => {
		const proposal = await propose();
		const chosen = { name: 'Jack', base: proposal.base };
		const row = await importer.add(proposal, chosen, neverAborted());
		expect(row).toMatchObject({
			name: 'Jack',
			source: 'pirate',
			base: { name: 'tests/tiny-llama', identity: tinyIdentity, model: 'Tiny Llama' }
		});
		expect(row.base).not.toHaveProperty('guessed');
		expect(await new AdapterStore(world).list()).toEqual([row]);
		expect(added).toBe(1);
	});

	test('tells that the choice of a model is a guess where names do not say that it is the base', async () => {
		const proposal = await propose({ baseName: 'acme/unheard-of' });
		expect(proposal.models.map(({ isNamed }) => isNamed)).toEqual([false]);
		const chosen = { name: 'Jack', base: proposal.base };
		const row = await importer.add(proposal, chosen, neverAborted());
		expect(row.base).toEqual({
			...{ name: 'acme/unheard-of', identity: tinyIdentity, model: 'Tiny Llama' },
			guessed: true
		});
		const tiny = { id: models[0]!.spec.id, name: 'Tiny Llama', identity: tinyIdentity };
		expect(adapterFit(row, tiny, null).state).toBe('needs-check');
	});

	test('may leave the base open', async () => {
		const row = await importer.add(await propose(), { name: 'x', base: null }, neverAborted());
		expect(row.base).toEqual({ name: 'tests/tiny-llama', identity: null, model: null });
	});

	test('the same one again is told', async () => {
		const proposal = await propose();
		await importer.add(proposal, { name: 'first', base: null }, neverAborted());
		const again = importer.add(await propose(), { name: 'second', base: null }, neverAborted());
		await expect(again).rejects.toMatchObject({
			code: 'adapter/duplicate',
			details: { name: 'first' }
		});
		expect(added).toBe(1);
	});

	test('that is stopped leaves nothing behind', async () => {
		const proposal = await propose();
		const stopped = importer.add(proposal, { name: 'x', base: null }, AbortSignal.abort());
		await expect(stopped).rejects.toSatisfy((error) => hasCode(error, 'cancelled'));
		expect(stored()).toEqual([]);
	});
});

describe('what is refused leaves nothing behind', () => {
	const cut = (files: Map<string, Uint8Array<ArrayBuffer>>): void => {
		const weights = files.get('adapter_model.safetensors')!;
		files.set('adapter_model.safetensors', weights.slice(0, -100));
	};
	const pickled = (files: Map<string, Uint8Array<ArrayBuffer>>): void => {
		files.set('adapter_model.bin', files.get('adapter_model.safetensors')!);
		files.delete('adapter_model.safetensors');
	};
	test.each([
		['DoRA', { config: { use_dora: true } }, quiet, 'adapter/unsupported'],
		['rank 0', { config: { r: 0 } }, quiet, 'adapter/not-peft'],
		['no number', { deviation: NaN }, quiet, 'adapter/not-finite'],
		['a file that is cut short', {}, cut, 'adapter/unreadable'],
		['weights in pickle', {}, pickled, 'adapter/unsupported']
	] as const)('%s', async (_, options, change, code) => {
		await expect(propose(options, change)).rejects.toMatchObject({ code });
		expect(stored()).toEqual([]);
	});
});

describe('an adapter elsewhere', () => {
	const site = 'https://models.example/pirate/';
	beforeEach(() => {
		for (const [path, body] of tinyAdapter()) world.source.serve(site + path, { body });
	});

	test('is fetched once, read, and added without asking again', async () => {
		const [found] = await importer.find({ kind: 'address', text: site }, neverAborted());
		const heard: (number | null)[] = [];
		const proposal = await importer.inspect(found!, (done) => heard.push(done), neverAborted());
		const reads = world.source.reads.length;
		const row = await importer.add(proposal, { name: 'x', base: null }, neverAborted());
		expect(row).toMatchObject({ source: 'models.example/pirate', bytes: proposal.bytes });
		expect(world.source.reads).toHaveLength(reads);
		expect(heard.at(-1)).toBe(proposal.bytes);
	});

	test('whose connection is cut stores nothing, and is gone on with until it is forgotten', async () => {
		const url = `${site}adapter_model.safetensors`;
		const body = tinyAdapter().get('adapter_model.safetensors')!;
		world.source.serve(url, { body, validator: 'a' });
		const cutOff = async (): Promise<FoundAdapter> => {
			const [found] = await importer.find({ kind: 'address', text: site }, neverAborted());
			const stop = new AbortController();
			world.source.fail(url, { kind: 'cut', at: 2000 });
			const reading = importer.inspect(found!, quiet, stop.signal);
			await expect.poll(() => world.clock.sleeping).toBe(1);
			stop.abort();
			await expect(reading).rejects.toMatchObject({ code: 'cancelled' });
			return found!;
		};
		const first = await cutOff();
		expect(stored()).toEqual([]);
		await importer.inspect(first, quiet, neverAborted());
		expect(world.source.reads.at(-1)).toEqual({ url, from: 2000 });
		const second = await cutOff();
		await importer.forget();
		await importer.inspect(second, quiet, neverAborted());
		expect(world.source.reads.at(-1)).toEqual({ url, from: 0 });
	});
});
