import { toHex } from '../core/bytes.ts';
import { gitBlobId } from '../library/hub/git-blob-id.ts';
import type { ScriptedRangeSource } from './scripted-range-source.ts';

export interface ServedRepository {
	/** `owner/name`. */
	readonly repository: string;
	/** 40 hex characters. */
	readonly commit: string;
	/** Default `main`. */
	readonly branch?: string;
	/** Text of the files, by path. */
	readonly files: Readonly<Record<string, string>>;
	/** Those kept as Git LFS. Default: those that end in `.onnx`. */
	readonly lfs?: (path: string) => boolean;
	/** Further fields of the model hub's answer about the repository. */
	readonly info?: object;
	/** Where it is served, with `/` at the end. Default: the host's own address. */
	readonly base?: string;
}

const utf8 = new TextEncoder();

/** Puts a repository of the model hub on the network, with its lists and files as that host answers. */
export async function serveOnHub(
	source: ScriptedRangeSource,
	served: ServedRepository
): Promise<void> {
	const { repository, commit, branch = 'main', base = 'https://huggingface.co/' } = served;
	const api = `${base}api/models/${repository}`;
	const info = { sha: commit, lastModified: '2026-01-02T03:04:05.000Z', gated: false };
	const rows: object[] = [];
	for (const [path, text] of Object.entries(served.files)) {
		const body = utf8.encode(text);
		const [oid, sha256] = [await gitBlobId(body), await sha256Of(body)];
		const isLfs = served.lfs?.(path) ?? path.endsWith('.onnx');
		const row = { type: 'file', path, size: body.byteLength };
		rows.push(
			isLfs
				? { ...row, oid: '0'.repeat(40), lfs: { oid: sha256, size: body.byteLength } }
				: { ...row, oid }
		);
		source.serve(`${base}${repository}/resolve/${commit}/${path}`, { body });
	}
	for (const revision of [branch, commit])
		serveJson(source, `${api}/revision/${revision}`, { ...info, ...served.info });
	serveJson(source, `${api}/tree/${commit}?recursive=true`, rows);
}

/** Puts a repository on GitHub, with its lists and files as that host answers. */
export async function serveOnGithub(
	source: ScriptedRangeSource,
	{ repository, commit, branch = 'main', files }: Omit<ServedRepository, 'base' | 'info' | 'lfs'>
): Promise<void> {
	const api = `https://api.github.com/repos/${repository}`;
	const tree: object[] = [];
	for (const [path, text] of Object.entries(files)) {
		const body = utf8.encode(text);
		tree.push({ path, type: 'blob', sha: await gitBlobId(body), size: body.byteLength });
		source.serve(`https://raw.githubusercontent.com/${repository}/${commit}/${path}`, { body });
	}
	serveJson(source, `${api}/commits/${branch}?per_page=1`, {
		sha: commit,
		commit: { committer: { date: '2026-01-02T03:04:05Z' } }
	});
	serveJson(source, `${api}/git/trees/${commit}?recursive=1`, { truncated: false, tree });
}

/** Answers with JSON, and with that Link header. */
export function serveJson(
	source: ScriptedRangeSource,
	url: string,
	json: unknown,
	link: string | null = null
): void {
	source.serve(url, { body: utf8.encode(JSON.stringify(json)), link });
}

async function sha256Of(body: Uint8Array<ArrayBuffer>): Promise<string> {
	return toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', body)));
}
