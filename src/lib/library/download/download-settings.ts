/** What the user may set about downloads. */
export interface DownloadSettings {
	/**
	 * Addresses that serve what the model hub serves, under the same paths (`https://mirror.example/`), in the order in
	 * which they are tried, before the official host. https, or http on this machine.
	 */
	readonly mirrors: readonly string[];
	/** False: only mirrors are asked, the official host never. */
	readonly officialHost: boolean;
	/** Bytes a second over all connections; null is as fast as it goes. */
	readonly bytesPerSecond: number | null;
}

export const defaultDownloadSettings: DownloadSettings = {
	mirrors: [],
	officialHost: true,
	bytesPerSecond: null
};
