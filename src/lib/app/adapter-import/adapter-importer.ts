import type { AdapterBase, AdapterModule, AdapterRow } from '../../adapters/adapter-records.ts';
import type { AdapterVerdict } from '../../adapters/adapter-verdict.ts';
import type { BaseIdentity } from '../../adapters/base-identity.ts';
import type { ModelFiles } from '../../adapters/model-files.ts';
import type { PeftAdapter } from '../../adapters/peft/peft-adapter.ts';
import { readPeft } from '../../adapters/peft/read-peft.ts';
import type { ModelId } from '../../core/ids.ts';
import type { ModelSpec } from '../../core/model-spec.ts';
import type { ModelLibrary } from '../../library/model-library.ts';
import type { AdapterProposal, ModelOutlook } from './adapter-proposal.ts';
import type { AdapterSource } from './adapter-source.ts';
import type { FoundAdapter, OnAdapterBytes } from './found-adapter.ts';
import { fromAddress } from './from-address.ts';
import { fromFiles } from './from-files.ts';
import { choiceOf } from '../model-directory.ts';
import { AppError } from '../../core/errors.ts';

/** What a verdict needs to know of an adapter that is not stored yet. */
export interface UnstoredAdapter {
	readonly name: string;
	readonly base: AdapterBase;
	readonly modules: readonly AdapterModule[];
}

interface Parts {
	readonly library: Pick<ModelLibrary, 'findFiles' | 'fetchFile'>;
	readonly store: {
		/** All or nothing. Errors: `adapter/duplicate`, `storage/quota`, those of `readPeft`. */
		add(
			files: ModelFiles,
			about: {
				readonly name: string;
				readonly source: string;
				readonly base: { readonly identity: BaseIdentity; readonly model: string } | null;
			},
			signal: AbortSignal
		): Promise<AdapterRow>;
	};
	/** The chat engine in use first, then the other chat models of this device. */
	readonly chatModels: () => Promise<readonly ModelSpec[]>;
	/** Null where nobody can tell. */
	readonly identityOf: (model: ModelId) => Promise<BaseIdentity | null>;
	readonly verdictOf: (adapter: UnstoredAdapter, spec: ModelSpec) => Promise<AdapterVerdict>;
	/** Of a kind of engine, for people. */
	readonly engineName: (kind: string) => string;
}

/** Brings adapters onto this device. Nothing is written before `add`, and nothing when it fails. */
export class AdapterImporter {
	readonly #parts: Parts;

	constructor(parts: Parts) {
		this.#parts = parts;
	}

	/**
	 * The adapters at that place, one at least. Errors: `adapter/not-peft`, `adapter/bad-address`, those of
	 * `ModelLibrary.findFiles`.
	 */
	async find(source: AdapterSource, signal: AbortSignal): Promise<readonly FoundAdapter[]> {
		return source.kind === 'files'
			? fromFiles(source)
			: fromAddress(source.text, this.#parts.library, signal);
	}

	/** Reads and checks all of it. Errors: those of `readPeft` and of `ModelLibrary.fetchFile`. */
	async inspect(
		found: FoundAdapter,
		onBytes: OnAdapterBytes,
		signal: AbortSignal
	): Promise<AdapterProposal> {
		const files = found.files(onBytes, signal);
		const peft = await readPeft(files, signal);
		const name = found.name || nameAfter(peft.baseName);
		const models = await this.#outlooks(peft, name);
		return {
			...{ name, models, files },
			source: found.source,
			trainedOn: peft.baseName,
			rank: peft.rank,
			modules: peft.modules.length,
			targets: targetsOf(peft),
			isZero: peft.isZero,
			bytes: await bytesOf(files, peft.paths),
			base: models.find(({ verdict }) => verdict.state === 'fits')?.choice.model ?? null
		};
	}

	/** Stores it, tied to that model. Errors: those of the store; `library/not-installed` when the model is gone. */
	async add(
		{ files, source, models }: AdapterProposal,
		{ name, base }: { readonly name: string; readonly base: ModelId | null },
		signal: AbortSignal
	): Promise<AdapterRow> {
		const chosen = models.find(({ choice }) => choice.model === base)?.choice;
		const identity = chosen && (await this.#parts.identityOf(chosen.model));
		if (chosen && !identity)
			throw new AppError('library/not-installed', { details: { model: chosen.name } });
		const tied = chosen && identity ? { identity, model: chosen.name } : null;
		return this.#parts.store.add(files, { name, source, base: tied }, signal);
	}

	async #outlooks(peft: PeftAdapter, name: string): Promise<readonly ModelOutlook[]> {
		const { chatModels, verdictOf, engineName } = this.#parts;
		const base = { name: peft.baseName, identity: null, model: null };
		const modules = peft.modules.map(({ module, rank, inSize, outSize }) => ({
			...{ module, rank, inSize, outSize }
		}));
		const outlooks = (await chatModels()).map(async (spec, index) => ({
			choice: choiceOf(spec),
			engine: engineName(spec.engine),
			inUse: index === 0,
			verdict: await verdictOf({ name, base, modules }, spec)
		}));
		return (await Promise.all(outlooks)).sort((a, b) => rankOf(a) - rankOf(b));
	}
}

/** The one in use stays first; of the others, those that fit come before those that do not. */
function rankOf({ inUse, verdict }: ModelOutlook): number {
	return inUse ? 0 : 1 + ['fits', 'needs-check', 'no'].indexOf(verdict.state);
}

function nameAfter(base: string): string {
	const last = base.split(/[/\\]/).findLast(Boolean);
	return last === undefined ? 'My adapter' : `Adapter for ${last}`.slice(0, 80);
}

function targetsOf({ modules }: PeftAdapter): readonly string[] {
	const names = modules.map(({ module }) => module.slice(module.lastIndexOf('.') + 1));
	return [...new Set(names)].sort();
}

async function bytesOf(files: ModelFiles, paths: readonly string[]): Promise<number> {
	let sum = 0;
	for (const path of paths) {
		const file = await files.open(path);
		sum += file?.bytes ?? 0;
		await file?.body.cancel();
	}
	return sum;
}
