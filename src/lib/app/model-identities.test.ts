import { expect, test } from 'vitest';
import type { ModelId, Sha256 } from '../core/ids.ts';
import type { ManifestRow } from '../library/library-api.ts';
import { ModelIdentities } from './model-identities.ts';

const llama = 'llama@1' as ModelId;
const config = { model_type: 'llama', hidden_size: 8, num_hidden_layers: 1, vocab_size: 100 };
const tokenizer = 'ab'.repeat(32) as Sha256;

/** A store with that one model, and how often its files were opened. */
function storeWith(files: Readonly<Record<string, unknown>>) {
	let opened = 0;
	const facts = Object.keys(files).map((path) => ({
		...{ path, bytes: 1, partBytes: 1, parts: [] },
		sha256: path === 'tokenizer.json' ? tokenizer : ('cd'.repeat(32) as Sha256)
	}));
	const manifest = { model: llama, files: facts } as unknown as ManifestRow;
	return {
		opened: () => opened,
		manifest: (model: ModelId) => Promise.resolve(model === llama ? manifest : undefined),
		files: () =>
			Promise.resolve({
				paths: Object.keys(files),
				open: (path: string) => {
					opened++;
					const body = new Blob([JSON.stringify(files[path])]);
					return Promise.resolve({ bytes: body.size, body: body.stream() });
				}
			})
	};
}

test('reads the configuration of a model, with the hash of its tokenizer', async () => {
	const store = storeWith({ 'config.json': config, 'tokenizer.json': {} });
	expect(await new ModelIdentities(store).of(llama)).toMatchObject({
		...{ architecture: 'llama', hiddenSize: 8, layers: 1, vocabulary: 100 },
		...{ heads: null, tokenizer }
	});
});

test('knows no tokenizer where the model has none', async () => {
	const identities = new ModelIdentities(storeWith({ 'config.json': config }));
	expect((await identities.of(llama))?.tokenizer).toBeNull();
});

test('reads each model once', async () => {
	const store = storeWith({ 'config.json': config });
	const identities = new ModelIdentities(store);
	expect(await identities.of(llama)).toEqual(await identities.of(llama));
	expect(store.opened()).toBe(1);
});

test('tells nothing of a model that tells nothing', async () => {
	expect(await new ModelIdentities(storeWith({ weights: {} })).of(llama)).toBeNull();
});

test('asks again for a model that was not here the last time', async () => {
	const store = storeWith({ 'config.json': config });
	let here = false;
	const identities = new ModelIdentities({
		manifest: (model) => (here ? store.manifest(model) : Promise.resolve(undefined)),
		files: store.files
	});
	expect(await identities.of(llama)).toBeNull();
	here = true;
	expect(await identities.of(llama)).not.toBeNull();
});
