import {
	adapterCheckStore,
	adapterStore,
	type AdapterCheckRow,
	type AdapterRow
} from '../adapters/adapter-records.ts';
import { adapterSupport } from '../adapters/adapter-support.ts';
import { throwIfAborted } from '../core/abort.ts';
import { AppError } from '../core/errors.ts';
import type { ModelSpec } from '../core/model-spec.ts';
import type { AdapterUse } from '../core/setup.ts';
import type { EngineBench } from '../migration/migration-ports.ts';
import type { Clock } from '../ports/clock.ts';
import type { RecordStore } from '../ports/record-store.ts';
import { write } from '../ports/store-write.ts';
import { failureText } from './adapter-notes.ts';
import { compareWithAdapter, type AdapterSubject, type Compared } from './compare-with-adapter.ts';
import { isOfAdapters } from './is-of-adapters.ts';
import { waysOn } from './ways-on.ts';

interface Parts {
	readonly bench: Pick<EngineBench, 'open' | 'room' | 'rest'>;
	readonly records: RecordStore;
	readonly clock: Pick<Clock, 'now'>;
}

type Outcome = Pick<AdapterCheckRow, 'result' | 'reason' | 'matched'>;

/** Finds out what an adapter does to a model on this device. */
export class AdapterTester {
	readonly #parts: Parts;

	constructor(parts: Parts) {
		this.#parts = parts;
	}

	/** Tries it as `trial` does, and keeps what came of it. */
	async check(use: AdapterUse, spec: ModelSpec, signal: AbortSignal): Promise<AdapterCheckRow> {
		const check = await this.trial(use, spec, signal);
		await this.#parts.records.commit([write.put(adapterCheckStore, check)]);
		return check;
	}

	/**
	 * Has the model answer a few questions without the adapter and with it, in a worker of its own, one after the other. One
	 * at strength 0 is tried at full strength. An adapter that does not work is a result; a failure that need not be its own
	 * is one when it happens twice, and the model alone answers in between. Keeps nothing. Errors: `adapter/missing`, those
	 * of the model alone, `cancelled`.
	 */
	async trial(use: AdapterUse, spec: ModelSpec, signal: AbortSignal): Promise<AdapterCheckRow> {
		const { records, clock, bench } = this.#parts;
		const row = await records.get(adapterStore, use.adapter);
		if (!row) {
			throw new AppError('adapter/missing', { details: { name: use.adapter.slice(0, 12) } });
		}
		const strong = { ...use, strength: use.strength || 1 };
		const outcome = await outcomeOf({ bench, spec, use: strong, isZero: row.isZero, signal }, row);
		throwIfAborted(signal);
		return {
			...{ adapter: row.id, model: spec.id, at: clock.now(), of: row.modules.length },
			...outcome
		};
	}
}

async function outcomeOf(subject: AdapterSubject, row: AdapterRow): Promise<Outcome> {
	const { spec } = subject;
	const support = adapterSupport(spec);
	if (!support.ok) {
		const { reason, instead } = support;
		const details = { engine: spec.name, reason, instead };
		return failed(new AppError('adapter/engine', { details }), spec);
	}
	const compared = await comparedSurely(subject);
	return compared.type === 'failed' ? failed(compared.error, spec) : found(compared, row, spec);
}

/** A device that is lost, or memory that is short for a moment, is not the adapter's failure. */
async function comparedSurely(subject: AdapterSubject): Promise<Compared> {
	const compared = await compareWithAdapter(subject);
	if (compared.type !== 'failed' || isOfAdapters(compared.error)) return orItsError(compared);
	orItsError(compared);
	return orItsError(await compareWithAdapter(subject));
}

/** What cannot have come of loading an adapter is thrown. */
function orItsError(compared: Compared): Compared {
	if (compared.type !== 'failed') return compared;
	const { code } = compared.error;
	const { plain, again } = waysOn(code);
	if (code === 'adapter/missing' || !(plain || again)) throw compared.error;
	return compared;
}

function found(
	{ differs, asked, match, moved }: Extract<Compared, { type: 'compared' }>,
	{ modules, isZero }: AdapterRow,
	{ name }: ModelSpec
): Outcome {
	const matched = match?.matched ?? modules.length;
	const where = moved
		? ' The graphics device could not take both of them, so both answered on the processor.'
		: '';
	if (differs !== null) {
		const reason = `${name} answers “${differs}” differently with it.${where}`;
		return { result: 'works', reason, matched };
	}
	const why = isZero ? ': all that it adds is zero' : ` that ${asked} questions to ${name} show`;
	return { result: 'same', reason: `This adapter changes nothing${why}.${where}`, matched };
}

function failed(error: AppError, { name }: ModelSpec): Outcome {
	return { result: 'failed', reason: failureText(error, name), matched: 0 };
}
