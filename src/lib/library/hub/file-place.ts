import type { ModelSource } from '../catalog/catalog-entry.ts';
import { officialHub } from './mirrors.ts';

/** Where GitHub serves the files of repositories. */
export const githubRaw = 'https://raw.githubusercontent.com/';

/** A file of a repository at a branch or commit. */
export interface FilePlace {
	readonly source: ModelSource;
	readonly revision: string;
	readonly path: string;
}

/** The canonical address of a file. */
export function urlOfPlace({ source, revision, path }: FilePlace): string {
	const { host, repository } = source;
	const at = [revision, ...path.split('/')].map(encodeURIComponent).join('/');
	return host === 'github'
		? `${githubRaw}${repository}/${at}`
		: `${officialHub}${repository}/resolve/${at}`;
}

/** What a canonical address names; null for an address that is none. */
export function placeOfUrl(url: string): FilePlace | null {
	const place = /^(https:\/\/[^/]+\/)([^/]+\/[^/]+)\/(resolve\/)?([^/]+)\/([^?#]+)$/.exec(url);
	if (!place) return null;
	const [, base, repository = '', resolve, revision = '', path = ''] = place;
	const host =
		base === githubRaw && !resolve
			? 'github'
			: base === officialHub && resolve
				? 'huggingface'
				: null;
	if (!host) return null;
	return {
		source: { host, repository },
		revision: decodeURIComponent(revision),
		path: decodeURIComponent(path)
	};
}
