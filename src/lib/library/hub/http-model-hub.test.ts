import { describe, expect, test } from 'vitest';
import type { AppError } from '../../core/errors.ts';
import { ScriptedRangeSource } from '../../testing/scripted-range-source.ts';
import { serveJson, serveOnGithub, serveOnHub } from '../../testing/serve-repository.ts';
import { defaultDownloadSettings, type DownloadSettings } from '../download/download-settings.ts';
import { HttpModelHub } from './http-model-hub.ts';
import type { PublishedFile } from './model-hub.ts';

const commit = '0123456789'.repeat(4);
const repository = 'acme/mini';
const source = { host: 'huggingface', repository } as const;
const onGithub = { host: 'github', repository } as const;
const files = { 'config.json': '{"a":1}', 'onnx/model.onnx': 'weights' };
const hubApi = `https://huggingface.co/api/models/${repository}`;
const mirror = 'https://mirror.test/';
const { signal } = new AbortController();

function world(settings: Partial<DownloadSettings> = {}) {
	const network = new ScriptedRangeSource();
	const hub = new HttpModelHub({
		ranges: network,
		settings: () => ({ ...defaultDownloadSettings, ...settings })
	});
	return { network, hub, read: (revision = 'main') => hub.read(source, revision, signal) };
}

function asText(body: string): { body: Uint8Array<ArrayBuffer> } {
	return { body: new TextEncoder().encode(body) };
}

describe('a repository of the model hub', () => {
	test('is listed at the commit that its branch stands at', async () => {
		const { network, read } = world();
		await serveOnHub(network, { repository, commit, files, info: { tags: ['license:mit'] } });
		expect(await read()).toEqual({
			source,
			commit,
			licence: 'mit',
			updatedAt: '2026-01-02T03:04:05.000Z',
			files: [
				{
					path: 'config.json',
					url: `https://huggingface.co/acme/mini/resolve/${commit}/config.json`,
					bytes: 7,
					sha256: null,
					gitBlob: expect.stringMatching(/^[0-9a-f]{40}$/) as string
				},
				{
					path: 'onnx/model.onnx',
					url: `https://huggingface.co/acme/mini/resolve/${commit}/onnx/model.onnx`,
					bytes: 7,
					sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
					gitBlob: null
				}
			]
		});
	});

	test('is listed to its last page, each asked of the same host', async () => {
		const { network, read } = world({ mirrors: [mirror] });
		await serveOnHub(network, { repository, commit, files, base: mirror });
		const tree = `${mirror}api/models/${repository}/tree/${commit}?recursive=true`;
		const row = { type: 'file', size: 1, oid: 'a'.repeat(40) };
		const next = `<${hubApi}/tree/${commit}?recursive=true&cursor=b>; rel="next"`;
		serveJson(network, tree, [{ ...row, path: 'a' }], next);
		serveJson(
			network,
			`${tree}&cursor=b`,
			[{ type: 'directory', path: 'd' }],
			'<?cursor=c>; rel=next'
		);
		const tail = `${mirror}api/models/${repository}/tree/${commit}?cursor=c`;
		serveJson(network, tail, [{ ...row, path: 'd/b' }]);
		expect((await read()).files.map(({ path }) => path)).toEqual(['a', 'd/b']);
	});

	test.each([
		[
			'of the model card',
			{ cardData: { license: 'apache-2.0' }, tags: ['license:x'] },
			'apache-2.0'
		],
		['of the tags', { cardData: { license: ['a', 'b'] }, tags: ['onnx', 'license:mit'] }, 'mit'],
		['by name', { cardData: { license: 'other', license_name: 'gemma' } }, 'gemma'],
		['without a name', { cardData: { license: 'other' } }, 'other'],
		['unknown where nothing is said', {}, null]
	])('has the licence %s', async (_, info, licence) => {
		const { network, read } = world();
		await serveOnHub(network, { repository, commit, files, info });
		expect((await read()).licence).toBe(licence);
	});

	test.each([true, 'auto', 'manual'])('is refused when it is gated: %s', async (gated) => {
		const { network, read } = world();
		await serveOnHub(network, { repository, commit, files, info: { gated } });
		await expect(read()).rejects.toMatchObject({ code: 'hub/gated', details: { repository } });
	});

	test.each([
		[403, 'hub/gated'],
		// The hub answers so for what does not exist, too.
		[401, 'hub/not-found'],
		[404, 'hub/not-found'],
		[429, 'download/http'],
		[503, 'download/http']
	])('is not there for status %i: %s', async (status, code) => {
		const { network, read } = world();
		network.fail(`${hubApi}/revision/main`, { kind: 'status', status });
		await expect(read()).rejects.toMatchObject({ code });
	});

	test('that is not there is named with its host and revision', async () => {
		await expect(world().read('v2')).rejects.toMatchObject({
			details: { host: 'huggingface.co', repository, revision: 'v2' }
		});
	});
});

describe('an answer that cannot be right is refused with the reason', () => {
	const ask = async (url: string, body: string): Promise<unknown> => {
		const { network, read } = world();
		await serveOnHub(network, { repository, commit, files });
		network.serve(url, asText(body));
		return read(commit).catch((error: unknown) => error);
	};
	const info = `${hubApi}/revision/${commit}`;
	const tree = `${hubApi}/tree/${commit}?recursive=true`;
	const row = { type: 'file', path: 'a', size: 1, oid: 'a'.repeat(40) };

	test.each([
		['a web page', info, ' <!doctype html>', 'it is a web page'],
		['half an answer', info, '{"sha":', 'it is no JSON'],
		['another kind of answer', info, '[]', 'it is of another shape'],
		['no commit', info, '{"sha":"main"}', 'its field sha is missing or wrong'],
		['another commit', info, `{"sha":"${'f'.repeat(40)}"}`, 'it is of another commit'],
		['no list', tree, '{"error":"x"}', 'it is of another shape'],
		['a file without size', tree, JSON.stringify([row, { ...row, size: -1 }]), /^its field 1/],
		['a path that leads away', tree, JSON.stringify([{ ...row, path: '../a' }]), /^its field 0/],
		['a short digest', tree, JSON.stringify([{ ...row, lfs: { oid: 'a', size: 1 } }]), /field 0/],
		['far too much', tree, ' '.repeat(33e6), 'it has more than 32 MB']
	])('%s', async (_, url, body, reason) => {
		const error = await ask(url, body);
		const host = 'huggingface.co';
		expect(error).toMatchObject({ code: 'hub/bad-answer', details: { host } });
		expect((error as AppError).details.reason).toMatch(reason);
	});

	test('a list without end', async () => {
		const { network, read } = world();
		await serveOnHub(network, { repository, commit, files });
		serveJson(network, tree, [row], `<${tree}>; rel="next"`);
		await expect(read()).rejects.toMatchObject({ code: 'hub/bad-answer' });
		expect(network.reads.length).toBeLessThan(100);
	});
});

describe('mirrors', () => {
	test.each([
		['is offline', { kind: 'offline' }],
		['has not got it', { kind: 'status', status: 404 }],
		['is ill', { kind: 'status', status: 502 }]
	] as const)('are followed by the official host when one %s', async (_, fault) => {
		const { network, read } = world({ mirrors: [mirror] });
		await serveOnHub(network, { repository, commit, files });
		network.fail(`${mirror}api/models/${repository}/revision/main`, fault);
		expect((await read()).commit).toBe(commit);
	});

	test('are followed by the official host when one answers with a web page', async () => {
		const { network, read } = world({ mirrors: [mirror] });
		await serveOnHub(network, { repository, commit, files });
		network.serve(`${mirror}api/models/${repository}/revision/main`, asText('<html>'));
		expect((await read()).files).toHaveLength(2);
	});

	test('spare the official host while they answer', async () => {
		const { network, read } = world({ mirrors: [mirror] });
		await serveOnHub(network, { repository, commit, files, base: mirror });
		const { files: listed } = await read();
		expect(listed[0]?.url).toMatch(/^https:\/\/huggingface\.co\//);
		expect(network.reads.every(({ url }) => url.startsWith(mirror))).toBe(true);
	});

	test('fail with what the last of them says', async () => {
		const { network, read } = world({ mirrors: [mirror] });
		await serveOnHub(network, { repository, commit, files, info: { gated: 'auto' } });
		await expect(read()).rejects.toMatchObject({ code: 'hub/gated' });
	});

	test('are needed when the official host is turned off', async () => {
		const { network, read } = world({ officialHost: false });
		await expect(read()).rejects.toMatchObject({ code: 'hub/no-host' });
		expect(network.reads).toEqual([]);
	});

	test('are not asked any further once the reader gives up', async () => {
		const { network, hub } = world({ mirrors: [mirror] });
		const read = hub.read(source, 'main', AbortSignal.abort());
		await expect(read).rejects.toMatchObject({ code: 'cancelled' });
		expect(network.reads).toEqual([]);
	});
});

describe('a repository of GitHub', () => {
	test('is listed at the commit that its branch stands at', async () => {
		const { network, hub } = world();
		await serveOnGithub(network, { repository, commit, files: { 'web-llm/a.wasm': 'code' } });
		expect(await hub.read(onGithub, 'main', signal)).toEqual({
			source: onGithub,
			commit,
			licence: null,
			updatedAt: '2026-01-02T03:04:05Z',
			files: [
				{
					path: 'web-llm/a.wasm',
					url: `https://raw.githubusercontent.com/acme/mini/${commit}/web-llm/a.wasm`,
					bytes: 4,
					sha256: null,
					gitBlob: expect.stringMatching(/^[0-9a-f]{40}$/) as string
				}
			]
		});
	});

	test('is asked once where the commit is known', async () => {
		const { network, hub } = world();
		await serveOnGithub(network, { repository, commit, files: { a: 'b' } });
		expect((await hub.read(onGithub, commit, signal)).commit).toBe(commit);
		expect(network.reads).toHaveLength(1);
	});

	test.each([
		[404, 'hub/not-found'],
		[422, 'hub/not-found'],
		// Out of questions for this hour, not gated.
		[403, 'download/http']
	])('is not there for status %i: %s', async (status, code) => {
		const { network, hub } = world();
		const url = `https://api.github.com/repos/${repository}/commits/main?per_page=1`;
		network.fail(url, { kind: 'status', status });
		await expect(hub.read(onGithub, 'main', signal)).rejects.toMatchObject({ code });
	});

	test('is refused when its list is cut short', async () => {
		const { network, hub } = world();
		const url = `https://api.github.com/repos/${repository}/git/trees/${commit}?recursive=1`;
		serveJson(network, url, { truncated: true, tree: [] });
		await expect(hub.read(onGithub, commit, signal)).rejects.toMatchObject({
			code: 'hub/bad-answer',
			details: { host: 'api.github.com' }
		});
	});
});

describe('a small file', () => {
	async function published(settings: Partial<DownloadSettings> = {}) {
		const made = world(settings);
		await serveOnHub(made.network, { repository, commit, files });
		const [config, weights] = (await made.read()).files as [PublishedFile, PublishedFile];
		return { ...made, config, weights };
	}

	test.each(['config', 'weights'] as const)('is read and checked: %s', async (which) => {
		const { hub, ...listed } = await published();
		const bytes = await hub.fetchSmall(listed[which], signal);
		expect(Object.values(files)).toContain(new TextDecoder().decode(bytes));
	});

	test.each(['config', 'weights'] as const)('with a wrong byte is refused: %s', async (which) => {
		const { hub, network, ...listed } = await published();
		network.serve(listed[which].url, asText('7 bytes'));
		await expect(hub.fetchSmall(listed[which], signal)).rejects.toMatchObject({
			code: 'download/digest-mismatch'
		});
	});

	test.each(['short', 'far too long'])('that is %s is refused', async (text) => {
		const { hub, network, config } = await published();
		network.serve(config.url, asText(text));
		await expect(hub.fetchSmall(config, signal)).rejects.toMatchObject({
			code: 'download/size-mismatch'
		});
	});

	test('is read from the next host when one serves other bytes', async () => {
		const { hub, network, config } = await published({ mirrors: [mirror] });
		const onMirror = `${mirror}${repository}/resolve/${commit}/config.json`;
		network.serve(onMirror, asText('7 bytes'));
		expect(await hub.fetchSmall(config, signal)).toHaveLength(7);
		expect(network.reads.slice(-2).map(({ url }) => url)).toEqual([onMirror, config.url]);
	});

	test.each([
		[401, 'hub/gated'],
		[404, 'hub/file-missing'],
		[500, 'download/http']
	])('fails for status %i with %s', async (status, code) => {
		const { hub, network, config } = await published();
		network.fail(config.url, { kind: 'status', status });
		await expect(hub.fetchSmall(config, signal)).rejects.toMatchObject({ code });
	});

	test('is not taken from the sign-in page of a network', async () => {
		const { hub, network, config } = await published();
		network.serve(config.url, { ...asText('<html>x'), contentType: 'text/html' });
		await expect(hub.fetchSmall(config, signal)).rejects.toMatchObject({
			code: 'download/web-page',
			details: { host: 'huggingface.co', path: 'config.json' }
		});
	});

	test('of GitHub is read from the address that was set for it', async () => {
		const network = new ScriptedRangeSource();
		const github = { api: 'http://localhost/api/', raw: 'http://localhost/raw/' };
		const hub = new HttpModelHub({
			ranges: network,
			settings: () => defaultDownloadSettings,
			github
		});
		await serveOnGithub(network, { repository, commit, files: { 'a.wasm': 'code' } });
		const file = (
			await new HttpModelHub({ ranges: network, settings: () => defaultDownloadSettings }).read(
				onGithub,
				commit,
				signal
			)
		).files[0]!;
		network.serve(`${github.raw}${repository}/${commit}/a.wasm`, asText('code'));
		expect(await hub.fetchSmall(file, signal)).toHaveLength(4);
		expect(network.reads.at(-1)?.url).toMatch(/^http:\/\/localhost\/raw\//);
	});

	test('is not read at all when it is not small', async () => {
		const { hub, network, config } = await published();
		const before = network.reads.length;
		await expect(hub.fetchSmall({ ...config, bytes: 33e6 }, signal)).rejects.toMatchObject({
			code: 'hub/bad-answer'
		});
		expect(network.reads).toHaveLength(before);
	});
});
