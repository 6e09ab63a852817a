import { adapterFit } from '../adapters/adapter-fit.ts';
import { adapterCheckStore, type AdapterRow } from '../adapters/adapter-records.ts';
import { adapterSupport } from '../adapters/adapter-support.ts';
import type { AdapterVerdict } from '../adapters/adapter-verdict.ts';
import type { BaseIdentity } from '../adapters/base-identity.ts';
import type { ModelId } from '../core/ids.ts';
import type { ModelSpec } from '../core/model-spec.ts';
import type { RecordStore } from '../ports/record-store.ts';

interface Parts {
	readonly records: RecordStore;
	/** Null for a model that is not on this device, or does not tell. */
	readonly identityOf: (model: ModelId) => Promise<BaseIdentity | null>;
}

/** Judges adapters by all that is known of them and of a model on this device. */
export class AdapterVerdicts {
	readonly #parts: Parts;

	constructor(parts: Parts) {
		this.#parts = parts;
	}

	/** Whether the model takes adapters at all; then what came of trying this one; then what is known of both. */
	async of(row: AdapterRow, spec: ModelSpec): Promise<AdapterVerdict> {
		const support = adapterSupport(spec);
		if (!support.ok) {
			const reason = `${spec.name} cannot take adapters: ${support.reason}. ${support.instead}`;
			return { state: 'no', reason };
		}
		const { records, identityOf } = this.#parts;
		const check = (await records.get(adapterCheckStore, [row.id, spec.id])) ?? null;
		const identity = await identityOf(spec.id);
		return adapterFit(row, { id: spec.id, name: spec.name, identity }, check);
	}
}
