import type { ModelId } from '../../core/ids.ts';

/** Address of a file of this machine, as a frozen model names it: `local:<model id>/<path>`, escaped. */
export function localUrl(model: ModelId, path: string): string {
	return `local:${escaped(model)}/${path.split('/').map(escaped).join('/')}`;
}

/** What `localUrl` was made of; null for any other address. */
export function parseLocalUrl(
	url: string
): { readonly model: ModelId; readonly path: string } | null {
	const match = /^local:([^/]+)\/(.+)$/.exec(url);
	if (!match) return null;
	const [, model = '', path = ''] = match;
	return { model: decodeURIComponent(model) as ModelId, path: decodeURIComponent(path) };
}

function escaped(part: string): string {
	return encodeURIComponent(part).replaceAll('%40', '@');
}
