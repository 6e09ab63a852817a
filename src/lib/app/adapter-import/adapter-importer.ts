import type { AdapterRow } from '../../adapters/adapter-records.ts';
import type { AdapterStore } from '../../adapters/adapter-store.ts';
import type { AdapterVerdict } from '../../adapters/adapter-verdict.ts';
import type { BaseIdentity } from '../../adapters/base-identity.ts';
import type { ModelFiles } from '../../adapters/model-files.ts';
import { inspectPeft, type PeftFacts } from '../../adapters/peft/inspect-peft.ts';
import type { AdapterId, ModelId } from '../../core/ids.ts';
import type { ModelSpec } from '../../core/model-spec.ts';
import type { ModelLibrary } from '../../library/model-library.ts';
import { choiceOf } from '../model-directory.ts';
import type { AdapterProposal, ModelOutlook } from './adapter-proposal.ts';
import type { AdapterSource } from './adapter-source.ts';
import type { ChatModel } from './chat-models.ts';
import type { FoundAdapter, OnAdapterBytes } from './found-adapter.ts';
import { fromAddress } from './from-address.ts';
import { fromFiles } from './from-files.ts';
import { isNamedAlike } from './is-named-alike.ts';

interface Parts {
	readonly library: Pick<ModelLibrary, 'findFiles' | 'fetchFile' | 'forgetFetched'>;
	readonly store: Pick<AdapterStore, 'add'>;
	/** The one in use first. */
	readonly chatModels: () => Promise<readonly ChatModel[]>;
	/** Null where nobody can tell. */
	readonly identityOf: (model: ModelId) => Promise<BaseIdentity | null>;
	readonly verdictOf: (row: AdapterRow, spec: ModelSpec) => Promise<AdapterVerdict>;
	/** Of a kind of engine, for people. */
	readonly engineName: (kind: string) => string;
	/** Called once one is stored. */
	readonly onAdded: () => unknown;
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

	/** Reads and checks all of it. Errors: those of `inspectPeft` and of `ModelLibrary.fetchFile`. */
	async inspect(
		found: FoundAdapter,
		onBytes: OnAdapterBytes,
		signal: AbortSignal
	): Promise<AdapterProposal> {
		const files = found.files(onBytes, signal);
		const peft = await inspectPeft(files, signal);
		const name = found.name || nameAfter(peft.baseName);
		const known = await this.#parts.chatModels();
		const bytes = await bytesOf(files, peft.paths);
		const models = await this.#outlooks(known, unstored(found, peft, name, bytes));
		return {
			...{ name, bytes, models, files },
			source: found.source,
			trainedOn: peft.baseName,
			rank: peft.rank,
			modules: peft.modules.length,
			targets: targetsOf(peft),
			isZero: peft.isZero,
			base: baseAmong(models)
		};
	}

	/** Gives up what has come of adapters that were not read to their end. */
	forget(): Promise<void> {
		return this.#parts.library.forgetFetched();
	}

	/** Stores it, tied to that model: one whose name says nothing of it must be tried first. Errors: those of `AdapterStore.add`. */
	async add(
		{ files, source, models }: AdapterProposal,
		{ name, base }: { readonly name: string; readonly base: ModelId | null },
		signal: AbortSignal
	): Promise<AdapterRow> {
		const { store, identityOf, onAdded } = this.#parts;
		const chosen = models.find((model) => model.choice.model === base);
		const tied = chosen && {
			identity: await identityOf(chosen.choice.model),
			model: chosen.choice.name,
			...(!chosen.isNamed && { guessed: true })
		};
		const row = await store.add(files, { name, source, base: tied ?? null }, signal);
		await onAdded();
		return row;
	}

	async #outlooks(models: readonly ChatModel[], row: AdapterRow): Promise<readonly ModelOutlook[]> {
		const { verdictOf, engineName } = this.#parts;
		const outlooks = models.map(async ({ spec, repository, inUse }) => ({
			choice: choiceOf(spec),
			engine: engineName(spec.engine),
			inUse,
			isNamed: [spec.name, repository ?? ''].some((each) => isNamedAlike(each, row.base.name)),
			verdict: await verdictOf(row, spec)
		}));
		return (await Promise.all(outlooks)).sort((a, b) => rankOf(a) - rankOf(b));
	}
}

/** What its row will be, as far as a verdict depends on it. */
function unstored(
	{ source }: FoundAdapter,
	{ baseName, rank, modules, isZero }: PeftFacts,
	name: string,
	bytes: number
): AdapterRow {
	return {
		...{ id: '' as AdapterId, addedAt: 0, name, source, rank, modules, isZero, bytes },
		base: { name: baseName, identity: null, model: null },
		...{ files: [], wanted: false, strength: 1 }
	};
}

/**
 * The model to tie it to unless the user chooses another: one that is called as its base is, else the one in use. None
 * that it contradicts.
 */
function baseAmong(outlooks: readonly ModelOutlook[]): ModelId | null {
	const possible = outlooks.filter(({ verdict }) => verdict.state !== 'no');
	const named = possible.find(({ isNamed }) => isNamed);
	return (named ?? possible.find(({ inUse }) => inUse))?.choice.model ?? null;
}

/** The one in use stays first; of the others, those that fit come before those that do not. */
function rankOf({ inUse, verdict }: ModelOutlook): number {
	return inUse ? 0 : 1 + ['fits', 'needs-check', 'no'].indexOf(verdict.state);
}

function nameAfter(base: string): string {
	const last = base.split(/[/\\]/).findLast(Boolean);
	return last === undefined ? 'My adapter' : `Adapter for ${last}`.slice(0, 80);
}

function targetsOf({ modules }: PeftFacts): readonly string[] {
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
