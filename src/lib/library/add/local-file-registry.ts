import { AppError } from '../../core/errors.ts';
import type { ModelId } from '../../core/ids.ts';
import type { ModelFile, ModelSpec } from '../../core/model-spec.ts';
import { parseLocalUrl } from './local-url.ts';
import type { LocalFile } from './model-address.ts';

type Owner = Pick<ModelSpec, 'id' | 'name' | 'files'>;

/** The files of the user's disk that models are being added from. Forgotten with the page. */
export class LocalFileRegistry {
	readonly #models = new Map<ModelId, ReadonlyMap<string, LocalFile>>();

	/**
	 * Takes the files of a model; they may lie in a folder around its own.
	 * Errors: `add/wrong-files` when one is missing or of another size. Then what was known before stays.
	 */
	give(model: Owner, files: readonly LocalFile[]): void {
		const wanted = model.files.filter(({ url }) => parseLocalUrl(url));
		const tries = rootsOf(wanted, files).map((root) => matchFiles(wanted, files, root));
		const complete = tries.find(({ fault }) => fault === null);
		if (!complete) {
			const closest = tries.sort((a, b) => b.matched.size - a.matched.size)[0];
			const reason = closest?.fault ?? 'there are none';
			throw new AppError('add/wrong-files', { details: { name: model.name, reason } });
		}
		this.#models.set(model.id, complete.matched);
	}

	has(model: ModelId): boolean {
		return this.#models.has(model);
	}

	/** Undefined when nobody gave it since the page was loaded. */
	file(model: ModelId, path: string): LocalFile | undefined {
		return this.#models.get(model)?.get(path);
	}

	/** Lets go of the model's files. */
	forget(model: ModelId): void {
		this.#models.delete(model);
	}
}

/** Folders that the model may lie in: those that have its first file. */
function rootsOf(wanted: readonly ModelFile[], files: readonly LocalFile[]): readonly string[] {
	const end = `/${wanted[0]?.path ?? ''}`;
	const around = files
		.filter(({ path }) => path.endsWith(end))
		.map(({ path }) => path.slice(0, path.length - end.length + 1));
	return ['', ...around];
}

function matchFiles(
	wanted: readonly ModelFile[],
	files: readonly LocalFile[],
	root: string
): { readonly matched: ReadonlyMap<string, LocalFile>; readonly fault: string | null } {
	const given = new Map(files.map((local) => [local.path, local]));
	const matched = new Map<string, LocalFile>();
	let fault: string | null = null;
	for (const { path, bytes } of wanted) {
		const local = given.get(root + path);
		if (!local) fault ??= `${path} is missing`;
		else if (local.file.size !== bytes)
			fault ??= `${path} has ${local.file.size} bytes instead of ${bytes}`;
		else matched.set(path, { path, file: local.file });
	}
	return { matched, fault };
}
