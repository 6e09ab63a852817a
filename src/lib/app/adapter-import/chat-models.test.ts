import { beforeEach, expect, test } from 'vitest';
import { AppError } from '../../core/errors.ts';
import type { EngineChoice, Setup, SetupRecord } from '../../core/setup.ts';
import { manifestStore } from '../../library/library-api.ts';
import type { FrozenModel } from '../../library/frozen-model.ts';
import { write } from '../../ports/store-write.ts';
import { frozen } from '../../testing/frozen.ts';
import { MemoryRecordStore } from '../../testing/memory-record-store.ts';
import { setupWith } from '../../testing/setup-with.ts';
import { choiceOf } from '../model-directory.ts';
import { chatModels } from './chat-models.ts';

const llama = frozen('llama', 'v1', [1], {
	source: { host: 'huggingface', repository: 'acme/llama-onnx' }
});
const qwen = frozen('qwen', 'v1', [2]);
const starter = frozen('starter', '1');
let records: MemoryRecordStore;

beforeEach(() => {
	records = new MemoryRecordStore();
});

const install = ({ spec, about }: FrozenModel): Promise<void> =>
	records.commit([
		write.put(manifestStore, {
			...{ model: spec.id, spec, about, files: [], installedAt: 1, verifiedAt: 1 }
		})
	]);
const find = (chat: EngineChoice | null, gone?: AppError) => {
	const current: Setup = { ...setupWith('1', '1'), ...(chat && { chat }) };
	const record = { current } as SetupRecord;
	const known = [llama, qwen, starter].map(({ spec }) => spec);
	return chatModels({
		records,
		setup: { read: () => Promise.resolve(chat ? record : undefined) },
		directory: {
			spec: ({ model }) => {
				if (gone) return Promise.reject(gone);
				return Promise.resolve(known.find(({ id }) => id === model)!);
			}
		}
	});
};

test('the one in use comes first, then the others of this device', async () => {
	await install(llama);
	await install(qwen);
	expect(await find(choiceOf(qwen.spec))).toEqual([
		{ spec: qwen.spec, repository: null, inUse: true },
		{ spec: llama.spec, repository: 'acme/llama-onnx', inUse: false }
	]);
});

test('the one in use is there even where it has no files', async () => {
	await install(llama);
	const found = await find(choiceOf(starter.spec));
	expect(found.map(({ spec, inUse }) => [spec.id, inUse])).toEqual([
		['starter', true],
		['llama@v1', false]
	]);
});

test('the repository of the one in use is known too', async () => {
	await install(llama);
	expect(await find(choiceOf(llama.spec))).toEqual([
		{ spec: llama.spec, repository: 'acme/llama-onnx', inUse: true }
	]);
});

test('models that only embed are left out', async () => {
	await install({ ...qwen, spec: { ...qwen.spec, tasks: ['embed'] } });
	expect(await find(null)).toEqual([]);
});

test('one in use that is gone is left out', async () => {
	await install(qwen);
	const details = { model: 'llama' };
	const found = await find(
		choiceOf(llama.spec),
		new AppError('library/not-installed', { details })
	);
	expect(found).toEqual([{ spec: qwen.spec, repository: null, inUse: false }]);
	await expect(find(choiceOf(llama.spec), new AppError('storage/unavailable'))).rejects.toThrow();
});
