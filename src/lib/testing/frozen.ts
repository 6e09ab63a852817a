import type { EntryId, ModelId, Sha256 } from '../core/ids.ts';
import type { ModelFile } from '../core/model-spec.ts';
import type { FrozenModel, ModelAbout } from '../library/frozen-model.ts';

/** A digest that differs from number to number. */
export function digest(n: number): Sha256 {
	return n.toString(16).padStart(64, '0') as Sha256;
}

/** A frozen model of that entry and revision, whose files are named by the digests' numbers, 1000 bytes each. */
export function frozen(
	entry: string,
	revision: string,
	files: readonly number[] = [],
	about: Partial<ModelAbout> = {}
): FrozenModel {
	const file = (n: number): ModelFile => ({
		path: `file-${n}`,
		url: `${entry}/file-${n}`,
		bytes: 1000,
		sha256: digest(n)
	});
	return {
		spec: {
			id: (files.length === 0 ? entry : `${entry}@${revision}`) as ModelId,
			...{ name: `The ${entry}`, engine: 'transformers', revision, tasks: ['generate'] },
			...{ contextTokens: 1024, dtype: 'q8', embedding: null },
			files: files.map(file)
		},
		about: {
			entry: entry as EntryId,
			...{ family: 'Test', summary: 'For tests.', parameters: null, licence: null, source: null },
			...{ needs: [], replaces: [], origin: 'catalog', integrity: 'catalog' },
			...about
		}
	};
}
