import { beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '../../core/errors.ts';
import type { ModelId } from '../../core/ids.ts';
import type { ModelFinding, ModelVariant } from '../../library/add/model-finding.ts';
import { FakeModelLibrary } from '../../testing/fake-model-library.ts';
import { listingOf } from '../../testing/listing-of.ts';
import { AddModelView } from './add-model-view.svelte.ts';

const variantOf = (dtype: string, recommended: boolean): ModelVariant => ({
	bytes: 1000,
	entry: listingOf(`MiniLM (${dtype})`, { entry: { dtype } }).entry,
	recommended
});
const finding: ModelFinding = {
	id: 'finding',
	title: 'Xenova/all-MiniLM-L6-v2',
	origin: 'hub',
	variants: [variantOf('fp32', false), variantOf('q8', true)],
	assumptions: ['Nothing says how long its texts may be.']
};

let library: FakeModelLibrary;
let installed: ModelId[];
let allowed: string[];
let adding: AddModelView;

beforeEach(() => {
	library = new FakeModelLibrary();
	library.finding = finding;
	installed = [];
	allowed = ['https://huggingface.co'];
	adding = new AddModelView({
		library,
		install: async (model) => void installed.push(model),
		mayContact: (origin) => allowed.includes(origin),
		allowHost: async (origin) => void allowed.push(origin)
	});
	adding.open = true;
});

const look = (address: string): Promise<void> => {
	adding.address = address;
	return adding.look();
};

describe('a look', () => {
	test('shows what was found, the recommended variant chosen', async () => {
		await look('  Xenova/all-MiniLM-L6-v2 ');
		expect(library.told).toEqual(['inspect Xenova/all-MiniLM-L6-v2']);
		expect(adding.finding).toBe(finding);
		expect(adding.variant?.entry.dtype).toBe('q8');
		expect(adding.edits).toMatchObject({ name: 'MiniLM (q8)', task: 'generate' });
	});

	test('chooses the first variant where none is recommended', async () => {
		library.finding = { ...finding, variants: [variantOf('fp16', false)] };
		await look('a/b');
		expect(adding.variant?.entry.dtype).toBe('fp16');
	});

	test('goes into files of this machine', async () => {
		await adding.lookInto([{ path: 'onnx/model.onnx', file: new File([], 'model.onnx') }]);
		expect(library.told).toEqual(['inspect onnx/model.onnx']);
		expect(adding.finding).toBe(finding);
	});

	test('says why nothing was found, and keeps what was entered', async () => {
		library.failing = new AppError('add/bad-address', {
			details: { address: 'x', reason: 'it is none' }
		});
		await look('x');
		expect(adding.error?.code).toBe('add/bad-address');
		expect([adding.address, adding.finding, adding.looking]).toEqual(['x', null, false]);
	});

	test('forgets what the last one found', async () => {
		await look('a/b');
		library.failing = new AppError('download/offline');
		await look('c/d');
		expect([adding.finding, adding.edits]).toEqual([null, null]);
	});

	test('runs once at a time', async () => {
		await Promise.all([look('a/b'), look('a/b')]);
		expect(library.told).toHaveLength(1);
	});
});

describe('a host that SAM does not know', () => {
	test('is named before it is contacted, and the look goes on when the user agrees', async () => {
		await look('https://example.org/models/tiny/');
		expect(adding.toContact).toBe('https://example.org');
		expect(library.told).toEqual([]);
		await adding.contact();
		expect(allowed).toContain('https://example.org');
		expect(library.told).toEqual(['inspect https://example.org/models/tiny/']);
		expect(adding.toContact).toBeNull();
	});

	test('is left alone when the user does not agree', async () => {
		await look('https://example.org/models/tiny/');
		adding.declineContact();
		expect([adding.toContact, adding.address]).toEqual([null, 'https://example.org/models/tiny/']);
		expect(library.told).toEqual([]);
	});

	test('is not asked about when it is known', async () => {
		await look('https://huggingface.co/Xenova/all-MiniLM-L6-v2');
		expect(adding.toContact).toBeNull();
		expect(library.told).toHaveLength(1);
	});
});

describe('to add a model', () => {
	test('takes it as corrected, begins its download, and leaves nothing behind', async () => {
		await look('a/b');
		adding.edit({ name: 'My MiniLM' });
		expect(await adding.add()).toBe(library.added);
		expect(library.told.at(-1)).toBe('add My MiniLM of finding');
		expect(installed).toEqual([library.added]);
		expect([adding.address, adding.finding, adding.adding]).toEqual(['', null, null]);
	});

	test('corrections outlive the choice of another variant', async () => {
		await look('a/b');
		adding.edit({ name: 'My MiniLM' });
		adding.choose(finding.variants[0]!);
		expect(adding.variant?.entry.dtype).toBe('fp32');
		expect(adding.edits?.name).toBe('My MiniLM');
	});

	test('a name that nobody has touched follows the variant', async () => {
		await look('a/b');
		adding.choose(finding.variants[0]!);
		expect(adding.edits?.name).toBe('MiniLM (fp32)');
	});

	test('tells how much of the files has been read', async () => {
		await look('a/b');
		const { promise, resolve } = Promise.withResolvers<null>();
		library.hold = promise;
		const done = adding.add();
		expect(adding.adding).toEqual({ done: 1, total: 4 });
		resolve(null);
		await done;
		expect(adding.adding).toBeNull();
	});

	test('keeps the finding and what was entered when it fails', async () => {
		await look('a/b');
		adding.edit({ name: 'My MiniLM' });
		library.failing = new AppError('hub/not-found', {
			details: { host: 'h', repository: 'a/b', revision: 'main' }
		});
		expect(await adding.add()).toBeNull();
		expect(adding.error?.code).toBe('hub/not-found');
		expect([adding.address, adding.edits?.name]).toEqual(['a/b', 'My MiniLM']);
		expect(installed).toEqual([]);
	});

	test('does nothing before anything was found', async () => {
		expect(await adding.add()).toBeNull();
		expect(library.told).toEqual([]);
	});
});
