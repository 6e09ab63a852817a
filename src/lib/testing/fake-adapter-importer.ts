import type { AdapterRow } from '../adapters/adapter-records.ts';
import type { AdapterProposal } from '../app/adapter-import/adapter-proposal.ts';
import type { AdapterSource } from '../app/adapter-import/adapter-source.ts';
import type { FoundAdapter, OnAdapterBytes } from '../app/adapter-import/found-adapter.ts';
import type { AppError } from '../core/errors.ts';
import type { ModelId } from '../core/ids.ts';
import { adapterRow } from './adapter-row.ts';
import { memoryModelFiles } from './memory-model-files.ts';

/** A small adapter that fits the one model that is here; wished for are other parts. */
export function adapterProposal(parts: Partial<AdapterProposal> = {}): AdapterProposal {
	const model = 'tiny-llama@test-1' as ModelId;
	const choice = { engine: 'transformers', model, revision: 'test-1', name: 'Tiny Llama' };
	return {
		...{ name: 'pirate', source: 'acme/pirate @ 012345678901', trainedOn: 'acme/tiny-llama' },
		...{ rank: 4, modules: 4, targets: ['q_proj', 'v_proj'], isZero: false, bytes: 7000 },
		models: [
			{
				...{ choice, engine: 'Transformers.js', inUse: true, isNamed: true },
				verdict: { state: 'fits', reason: 'It was trained on this model.' }
			}
		],
		base: model,
		files: memoryModelFiles(new Map()),
		...parts
	};
}

/** An adapter that was found, in that folder. */
export function foundAdapter(folder = ''): FoundAdapter {
	const name = folder || 'pirate';
	const files = memoryModelFiles(new Map());
	return { folder, name, source: `runs/${name}`, bytes: 7000, files: () => files };
}

/** An importer that stores nothing, notes what it was asked, and answers what it was given. */
export class FakeAdapterImporter {
	found: readonly FoundAdapter[] = [foundAdapter()];
	proposal = adapterProposal();
	/** What it was asked, such as `find acme/pirate`. */
	readonly asked: string[] = [];
	/** What it throws from now on. */
	failing: AppError | null = null;
	/** True: it fails and is held only where it reads an adapter. */
	onlyInspects = false;
	/** How far `inspect` says that it is: bytes so far, in order. */
	heard: readonly number[] = [1750];
	/** Awaited by all that it does; ends early when it is stopped. */
	hold: Promise<unknown> = Promise.resolve();

	async find(source: AdapterSource, signal: AbortSignal): Promise<readonly FoundAdapter[]> {
		const what =
			source.kind === 'address'
				? source.text
				: `${source.files.map(({ path }) => path).join(', ')} of ${source.folder ?? 'no folder'}`;
		await this.#ask(`find ${what}`, signal);
		return this.found;
	}

	async inspect(
		{ name }: FoundAdapter,
		onBytes: OnAdapterBytes,
		signal: AbortSignal
	): Promise<AdapterProposal> {
		for (const bytes of this.heard) onBytes(bytes, 7000);
		await this.#ask(`inspect ${name}`, signal);
		return this.proposal;
	}

	async add(
		_: AdapterProposal,
		{ name, base }: { readonly name: string; readonly base: ModelId | null },
		signal: AbortSignal
	): Promise<AdapterRow> {
		await this.#ask(`add ${name} for ${base ?? 'no model'}`, signal);
		return adapterRow('pirate', { name });
	}

	forget(): Promise<void> {
		this.asked.push('forget');
		return Promise.resolve();
	}

	async #ask(what: string, signal: AbortSignal): Promise<void> {
		this.asked.push(what);
		if (this.onlyInspects && !what.startsWith('inspect ')) return;
		const stopped = new Promise((_, reject) => {
			signal.addEventListener('abort', () => reject(signal.reason as Error));
		});
		await Promise.race([this.hold, stopped]);
		if (this.failing) throw this.failing;
	}
}
