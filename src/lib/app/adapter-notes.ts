import {
	adapterCheckStore,
	adapterStore,
	type AdapterCheckRow
} from '../adapters/adapter-records.ts';
import type { AnsweringAdapter } from '../chat/chat-records.ts';
import type { AppError } from '../core/errors.ts';
import type { ModelSpec } from '../core/model-spec.ts';
import type { AdapterUse } from '../core/setup.ts';
import type { Clock } from '../ports/clock.ts';
import type { RecordStore } from '../ports/record-store.ts';
import { write } from '../ports/store-write.ts';
import type { Charge } from './adapter-charges.ts';

/** What those adapters are called now; one that is gone is called by its id. */
export async function nameAdapters(
	records: RecordStore,
	uses: readonly AdapterUse[]
): Promise<AnsweringAdapter[]> {
	return Promise.all(
		uses.map(async ({ adapter: id, strength }) => {
			const row = await records.get(adapterStore, id);
			return { id, name: row?.name ?? id.slice(0, 12), strength };
		})
	);
}

/** Notes that the model failed with those adapters. What is known of adapters that are gone is not kept. */
export async function noteAdaptersFailed(
	{ records, clock }: { readonly records: RecordStore; readonly clock: Pick<Clock, 'now'> },
	{ uses, error }: Charge,
	model: Pick<ModelSpec, 'id' | 'name'>
): Promise<void> {
	const found = await Promise.all(uses.map(({ adapter }) => records.get(adapterStore, adapter)));
	const rows = found
		.filter((row) => row !== undefined)
		.map((row): AdapterCheckRow => ({
			...{ adapter: row.id, model: model.id, at: clock.now(), result: 'failed' },
			reason: failureText(error, model.name),
			...{ matched: 0, of: row.modules.length }
		}));
	await records.commit(rows.map((row) => write.put(adapterCheckStore, row)));
}

/** Why an adapter does not work with a model: a whole sentence for people. */
export function failureText({ code, message, details }: AppError, modelName: string): string {
	if (code === 'engine/safe-mode') {
		return `The tab closed unexpectedly while ${modelName} was being loaded with it.`;
	}
	if (code === 'adapter/engine' && typeof details.instead === 'string')
		return `${message} ${details.instead}`;
	if (code.startsWith('adapter/')) return message;
	return `${modelName} works without it, but not with it: ${message}`;
}
