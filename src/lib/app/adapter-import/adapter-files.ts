/** Files that may belong to an adapter, by their bare names. Those of other formats count, so that they can be told. */
const configName = 'adapter_config.json';
const weightsName = /^adapter_model[\w.-]*\.(safetensors|safetensors\.index\.json|bin|pth?)$/;

/** What a folder of the web is asked for: it cannot be listed. The configuration first. */
export const likelyAdapterFiles: readonly string[] = [
	configName,
	'adapter_model.safetensors',
	'adapter_model.safetensors.index.json',
	'adapter_model.bin'
];

export interface AdapterFolder<File> {
	/** Without `/` at its end; empty for the top. */
	readonly folder: string;
	/** By bare names. */
	readonly files: ReadonlyMap<string, File>;
}

/** The folders with an `adapter_config.json`, each with the files of its adapter, the top one first, then by name. */
export function adapterFolders<File extends { readonly path: string }>(
	files: readonly File[]
): readonly AdapterFolder<File>[] {
	const byFolder = new Map<string, Map<string, File>>();
	for (const file of files) {
		const at = file.path.lastIndexOf('/');
		const name = file.path.slice(at + 1);
		if (name !== configName && !weightsName.test(name)) continue;
		const folder = file.path.slice(0, Math.max(0, at));
		byFolder.set(folder, (byFolder.get(folder) ?? new Map<string, File>()).set(name, file));
	}
	return [...byFolder]
		.filter(([, own]) => own.has(configName))
		.map(([folder, own]) => ({ folder, files: own }))
		.sort((a, b) => byNumbers.compare(a.folder, b.folder));
}

/** Checkpoints in the order of their steps. */
const byNumbers = new Intl.Collator('en', { numeric: true });
