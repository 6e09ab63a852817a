import { AppError } from '../../core/errors.ts';
import type { ModelSource } from '../catalog/catalog-entry.ts';

/** A place that SAM knows how to look into. */
export type ParsedAddress =
	| {
			readonly kind: 'hub';
			readonly source: ModelSource;
			/** Branch, tag or commit. */
			readonly revision: string;
			/** The mirror whose page was given; absent for names and for the official host. */
			readonly base?: string;
	  }
	/** A folder with `sam-model.json`. Ends with `/`. */
	| { readonly kind: 'folder'; readonly url: string };

const officialHosts = ['https://huggingface.co/', 'https://hf.co/'];
const repository = /^\w[\w.-]*\/\w[\w.-]*$/;
const revisionText = /^\w[\w./-]*$/;
const defaultRevision = 'main';
/** First parts of the paths of pages that are about something else. */
const otherPages: Readonly<Record<string, string>> = {
	datasets: 'it is the page of a data set',
	spaces: 'it is the page of a space',
	docs: 'it is a page of the documentation',
	papers: 'it is the page of a paper',
	collections: 'it is a collection of models; open one of them'
};

/**
 * Understands `owner/name`, `owner/name@revision`, a model's page or one of its files on the hub or on a mirror, and the
 * https address of an exported folder (http too, on this machine). Errors: `add/bad-address` with the exact reason.
 */
export function parseAddress(text: string, mirrors: readonly string[] = []): ParsedAddress {
	const address = text.trim();
	const refuse = (reason: string): AppError =>
		new AppError('add/bad-address', { details: { address: withoutSecrets(address), reason } });
	if (address === '') throw refuse('it is empty');
	const bare = /^(?:www\.)?(huggingface\.co|hf\.co)\//.exec(address);
	if (!bare && !/^[a-z][a-z+.-]*:/i.test(address)) return parseName(address, refuse);
	const url = parseUrl(bare ? `https://${address}` : address, refuse);
	const official = officialHosts.find((host) => url.href.startsWith(host));
	if (official) return parsePage(url.href.slice(official.length), refuse);
	return parseMirror(url, mirrors, refuse) ?? parseFolder(url, refuse);
}

type Refuse = (reason: string) => AppError;

function parseName(address: string, refuse: Refuse): ParsedAddress {
	const at = address.indexOf('@');
	const name = at < 0 ? address : address.slice(0, at);
	const revision = at < 0 ? defaultRevision : address.slice(at + 1);
	if (!name.includes('/')) throw refuse('the name of its owner is missing, as in owner/name');
	if (name.split('/').length > 2) throw refuse('a web address begins with https://');
	if (!repository.test(name))
		throw refuse('a name has letters, digits, “.”, “-” and “_” on both sides of one “/”');
	return atRevision(name, revision, refuse);
}

function parseUrl(address: string, refuse: Refuse): URL {
	const url = URL.parse(address.replace(/^(https?:\/\/)www\.(?=huggingface\.co\/)/i, '$1'));
	if (!url) throw refuse('it cannot be read');
	const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
	if (url.protocol === 'http:' && !isLocal)
		throw refuse('it is not encrypted; it must begin with https://');
	if (url.protocol !== 'https:' && url.protocol !== 'http:')
		throw refuse(`“${url.protocol}” addresses cannot be read; it must begin with https://`);
	if (url.username || url.password) throw refuse('it holds a name or a password');
	return url;
}

/** `path` is what follows the host. */
function parsePage(path: string, refuse: Refuse): ParsedAddress {
	const parts = partsOf(path);
	const [owner = '', name = '', kind, revision = defaultRevision] = parts;
	const other = otherPages[owner];
	if (other) throw refuse(other);
	if (owner === '') throw refuse('it names no model');
	if (name === '') throw refuse(`it names only the owner, ${owner}`);
	if (!repository.test(`${owner}/${name}`)) throw refuse('it names no model');
	if (kind !== undefined && !['tree', 'blob', 'resolve', 'commit'].includes(kind))
		return atRevision(`${owner}/${name}`, defaultRevision, refuse);
	return atRevision(`${owner}/${name}`, revision, refuse);
}

function parseMirror(url: URL, mirrors: readonly string[], refuse: Refuse): ParsedAddress | null {
	const bases = mirrors.map((mirror) => mirror.replace(/\/?$/, '/'));
	const base = bases.find((each) => url.href.startsWith(each));
	if (base === undefined) return null;
	const path = url.href.slice(base.length);
	const [, , kind, ...rest] = partsOf(path);
	const isPage = kind === undefined || ['tree', 'blob', 'resolve'].includes(kind);
	if (!isPage || rest.at(-1) === manifestName) return null;
	const parsed = parsePage(path, refuse);
	return parsed.kind === 'hub' ? { ...parsed, base } : parsed;
}

const manifestName = 'sam-model.json';

function parseFolder(url: URL, refuse: Refuse): ParsedAddress {
	if (url.search) throw refuse('the address of a folder has no “?”');
	const path = url.pathname.replace(new RegExp(`${manifestName}$`), '');
	const file = /[^/]+\.(onnx|gguf|safetensors|bin|json|zip|html?)$/i.exec(path);
	if (file) throw refuse(`${file[0]} is one file, not the folder of a model`);
	return { kind: 'folder', url: url.origin + path.replace(/\/?$/, '/') };
}

function atRevision(name: string, revision: string, refuse: Refuse): ParsedAddress {
	if (!revisionText.test(revision) || revision.includes('..'))
		throw refuse(`“${revision}” is no name of a branch, tag or commit`);
	return { kind: 'hub', source: { host: 'huggingface', repository: name }, revision };
}

/** Errors end up in logs. */
function withoutSecrets(address: string): string {
	return address.replace(/\/\/[^/@]*@/, '//…@').replace(/\?.*$/s, '?…');
}

function partsOf(path: string): string[] {
	const bare = path.replace(/[?#].*$/, '');
	return bare.split('/').filter(Boolean).map(decode);
}

function decode(part: string): string {
	try {
		return decodeURIComponent(part);
	} catch {
		return part;
	}
}
