import { beforeEach, describe, expect, test } from 'vitest';
import { neverAborted } from '../../testing/library-world.ts';
import { ScriptedRangeSource } from '../../testing/scripted-range-source.ts';
import { serveOnHub } from '../../testing/serve-repository.ts';
import { defaultDownloadSettings } from '../download/download-settings.ts';
import { HttpModelHub } from '../hub/http-model-hub.ts';
import { findFiles } from './find-files.ts';

const repository = 'acme/lora';
const commit = '0123456789'.repeat(4);
const likely = ['config.json', 'weights.bin'];
const site = 'https://models.example/mine/';
const body = Uint8Array.from([1, 2, 3]);

let network: ScriptedRangeSource;
beforeEach(() => {
	network = new ScriptedRangeSource();
});

const find = (address: string, mirrors: readonly string[] = []) => {
	const hub = new HttpModelHub({ ranges: network, settings: () => defaultDownloadSettings });
	return findFiles(address, likely, { hub, ranges: network, mirrors }, neverAborted());
};

describe('a repository', () => {
	beforeEach(() =>
		serveOnHub(network, {
			...{ repository, commit },
			files: { 'run/config.json': '{}', 'run/weights.bin': 'abc', 'README.md': 'Mine' },
			lfs: (path) => path.endsWith('.bin')
		})
	);

	test('is listed whole, at the commit that its branch stands at', async () => {
		const found = await find(`${repository}@main`);
		expect(found).toMatchObject({ title: repository, commit, folder: '' });
		expect(found.files.map(({ path }) => path)).toEqual([
			'run/config.json',
			'run/weights.bin',
			'README.md'
		]);
		const [config, weights] = found.files;
		expect(config).toMatchObject({ bytes: 2, sha256: null });
		expect(config?.gitBlob).toMatch(/^[0-9a-f]{40}$/);
		expect(weights?.sha256).toMatch(/^[0-9a-f]{64}$/);
		expect(weights?.url).toContain(commit);
	});

	test('is listed by the address of a folder or file in it, which is told', async () => {
		const page = `https://huggingface.co/${repository}`;
		for (const address of [`${page}/tree/main/run`, `${page}/blob/main/run/config.json`])
			expect(await find(address)).toMatchObject({ title: repository, commit, folder: 'run' });
	});

	test('that is not there, or only for some, is said', async () => {
		await expect(find('acme/nothing')).rejects.toMatchObject({ code: 'hub/not-found' });
		await serveOnHub(network, { repository, commit, files: {}, info: { gated: 'auto' } });
		await expect(find(repository)).rejects.toMatchObject({ code: 'hub/gated' });
	});
});

describe('a folder of the web', () => {
	test('has those of the likely files that are there', async () => {
		network.serve(`${site}weights.bin`, { body });
		const found = await find(site);
		expect(found).toEqual({
			title: 'models.example/mine',
			commit: null,
			folder: '',
			files: [
				{ path: 'weights.bin', url: `${site}weights.bin`, bytes: 3, sha256: null, gitBlob: null }
			]
		});
		expect(network.open).toBe(0);
	});

	test('is found by the address of one of its files', async () => {
		network.serve(`${site}config.json`, { body });
		expect((await find(`${site}config.json`)).files).toHaveLength(1);
	});

	test('without any of them is empty, also where the host says so by 403', async () => {
		network.fail(`${site}config.json`, { kind: 'status', status: 403 });
		expect((await find(site)).files).toEqual([]);
	});

	test('that answers with web pages alone is told', async () => {
		network.fail(`${site}config.json`, { kind: 'web-page' });
		network.fail(`${site}weights.bin`, { kind: 'web-page' });
		await expect(find(site)).rejects.toMatchObject({
			code: 'download/web-page',
			details: { host: 'models.example', path: 'config.json' }
		});
	});

	test('that cannot be reached is told', async () => {
		network.fail(`${site}config.json`, { kind: 'offline' });
		await expect(find(site)).rejects.toMatchObject({ code: 'download/offline' });
		network.fail(`${site}config.json`, { kind: 'status', status: 500 });
		await expect(find(site)).rejects.toMatchObject({ code: 'download/http' });
	});
});

test('what is no address is refused before anybody is asked', async () => {
	await expect(find('nothing')).rejects.toMatchObject({ code: 'add/bad-address' });
	await expect(find('http://models.example/mine')).rejects.toMatchObject({
		code: 'add/bad-address'
	});
	expect(network.reads).toEqual([]);
});
