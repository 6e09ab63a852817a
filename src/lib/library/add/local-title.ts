import { readConfig, textIn } from './config-reader.ts';
import { localView } from './local-view.ts';
import type { LocalFile } from './model-address.ts';

const unnamed = 'The chosen folder';

/** A name for a folder of unknown name: the one that its model was saved under. */
export async function localTitle(files: readonly LocalFile[]): Promise<string> {
	const view = localView(files, unnamed);
	// A fault of the file is told by those who need it.
	const config = await readConfig(view, 'config.json').catch(() => undefined);
	const name = textIn(config, '_name_or_path', 'name_or_path')?.split(/[/\\]/).findLast(Boolean);
	return name === undefined || name.startsWith('.') ? unnamed : name;
}
