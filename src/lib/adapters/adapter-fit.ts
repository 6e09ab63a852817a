import type { ModelId } from '../core/ids.ts';
import type { AdapterCheckRow, AdapterRow } from './adapter-records.ts';
import type { AdapterVerdict } from './adapter-verdict.ts';
import type { BaseIdentity } from './base-identity.ts';
import { sizeContradiction } from './size-contradiction.ts';

/** A model that an adapter may be used with. */
export interface FitModel {
	readonly id: ModelId;
	/** For people. */
	readonly name: string;
	/** Null where its configuration is not known. */
	readonly identity: BaseIdentity | null;
}

/** What must be equal for an adapter to be right at all, with the words for it. */
const traits = [
	['architecture', 'architecture'],
	['hiddenSize', 'width'],
	['layers', 'number of layers'],
	['heads', 'number of heads'],
	['keyValueHeads', 'number of key and value heads'],
	['intermediateSize', 'inner width']
] as const satisfies readonly (readonly [keyof BaseIdentity, string])[];

/**
 * How an adapter stands to a model: what came of trying it with that very model, else what is known of both. The name of
 * its base is only told, and refuses nothing: the same model goes by many names.
 */
export function adapterFit(
	row: AdapterRow,
	model: FitModel,
	check: AdapterCheckRow | null
): AdapterVerdict {
	if (check?.model === model.id && check.adapter === row.id) return fromCheck(model, check);
	const { identity } = model;
	if (!identity)
		return needsCheck(`SAM does not know the sizes of ${model.name}, so it has to be tried`, row);
	const contradiction = sizeContradiction(row.modules, identity);
	if (contradiction) {
		const { has, needs } = contradiction;
		return no(`It was made for another model than ${model.name}: ${has}, but that model ${needs}.`);
	}
	if (!row.base.identity)
		return needsCheck(`Whether ${model.name} is its base model has to be tried`, row);
	return fromIdentity(row, { ...model, identity }, row.base.identity);
}

function fromCheck(model: FitModel, check: AdapterCheckRow): AdapterVerdict {
	switch (check.result) {
		case 'works': {
			const part =
				check.matched < check.of ? `, in ${check.matched} of its ${check.of} layers` : '';
			return fits(`It was tried with ${model.name} and works${part}.`);
		}
		case 'same':
			return fits(`It loads with ${model.name}, but changes nothing: the answers stay the same.`);
		case 'failed':
			return no(check.reason);
		case 'untried':
			return { state: 'needs-check', reason: check.reason };
	}
}

function fromIdentity(
	row: AdapterRow,
	{ name, identity }: FitModel & { readonly identity: BaseIdentity },
	base: BaseIdentity
): AdapterVerdict {
	const baseModel = row.base.model ?? 'its base model';
	for (const [trait, word] of traits) {
		const [has, wants] = [identity[trait], base[trait]];
		if (has !== null && wants !== null && has !== wants)
			return no(
				`It was made for ${baseModel}, whose ${word} is ${wants}; that of ${name} is ${has}.`
			);
	}
	const unknown = traits.find(([trait]) => identity[trait] === null || base[trait] === null);
	if (unknown)
		return needsCheck(
			`Whether ${name} has the ${unknown[1]} of ${baseModel} is not known, so it has to be tried`,
			row
		);
	if (identity.tokenizer === null || base.tokenizer === null)
		return needsCheck(
			`Whether ${name} reads text as ${baseModel} does is not known, so it has to be tried`,
			row
		);
	if (identity.tokenizer !== base.tokenizer || identity.vocabulary !== base.vocabulary)
		return needsCheck(
			`${name} has the sizes of ${baseModel}, but reads text in another way, so it has to be tried`,
			row
		);
	if (row.base.guessed)
		return needsCheck(
			`Nothing but your choice says that ${baseModel} is its base model, so it has to be tried`,
			row
		);
	const same =
		name === baseModel ? `${name} is its base model` : `${name} is built as ${baseModel} is`;
	return fits(`${same}.${row.isZero ? ' All that it adds is zero: it changes nothing.' : ''}`);
}

function fits(reason: string): AdapterVerdict {
	return { state: 'fits', reason };
}

function no(reason: string): AdapterVerdict {
	return { state: 'no', reason };
}

function needsCheck(reason: string, { base }: AdapterRow): AdapterVerdict {
	const named = base.name === '' ? '' : ` It says that it was trained on ${base.name}.`;
	return { state: 'needs-check', reason: `${reason}.${named}` };
}
