import type { DownloadSettings } from '../download/download-settings.ts';

/** Where files of the model hub are, as their canonical addresses begin. */
export const officialHub = 'https://huggingface.co/';

type HubSettings = Pick<DownloadSettings, 'mirrors' | 'officialHost'>;

/** Addresses to ask for models, in order, each with `/` at its end. Empty when the user has turned off all. */
export function hubBases({ mirrors, officialHost }: HubSettings): string[] {
	return [...mirrors.map(withSlash), ...(officialHost ? [officialHub] : [])];
}

/** Where to download the file of a canonical address from, in order. One that is not the hub's stays as it is. */
export function urlsOf(url: string, settings: HubSettings): string[] {
	if (!url.startsWith(officialHub)) return [url];
	return hubBases(settings).map((base) => base + url.slice(officialHub.length));
}

/** The canonical address of a file on a mirror; any other address stays as it is. */
export function officialUrlOf(url: string, { mirrors }: Pick<HubSettings, 'mirrors'>): string {
	const base = mirrors.map(withSlash).find((mirror) => url.startsWith(mirror));
	return base === undefined ? url : officialHub + url.slice(base.length);
}

function withSlash(base: string): string {
	return base.endsWith('/') ? base : `${base}/`;
}
