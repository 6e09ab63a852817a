import type * as z from 'zod/mini';
import { AppError } from '../../core/errors.ts';
import type { CatalogEntry } from './catalog-entry.ts';
import { catalogSchema, catalogVersion } from './catalog-schema.ts';

/**
 * The catalog's models, in its order. Errors: `catalog/invalid`, whose `reason` begins with the place of the first
 * fault, such as `models[2].files[0].sha256`.
 */
export function parseCatalog(json: unknown): CatalogEntry[] {
	const written = versionOf(json);
	if (written !== null && written !== catalogVersion)
		throw new AppError('catalog/invalid', {
			details: { reason: `version: it was written for another version of SAM (${written})` }
		});
	const result = catalogSchema.safeParse(json);
	if (result.success) return result.data.models;
	const [issue] = result.error.issues;
	const reason = issue ? `${placeOf(issue)}: ${faultOf(issue)}` : 'it cannot be read';
	throw new AppError('catalog/invalid', { details: { reason }, cause: result.error });
}

type Issue = z.core.$ZodIssue;

function versionOf(json: unknown): number | null {
	const { version } = (json ?? {}) as { version?: unknown };
	return typeof version === 'number' ? version : null;
}

function placeOf({ path }: Issue): string {
	let place = '';
	for (const key of path)
		place += typeof key === 'number' ? `[${key}]` : `${place ? '.' : ''}${String(key)}`;
	return place || 'the catalog';
}

/** The small build of zod says "Invalid input" of everything. */
function faultOf(issue: Issue): string {
	if (issue.code === 'unrecognized_keys')
		return `has the unknown field "${issue.keys.join('", "')}"`;
	if (issue.code === 'invalid_type') return `must be of type ${issue.expected}`;
	if (issue.code === 'invalid_value') return `must be one of ${issue.values.join(', ')}`;
	return issue.message;
}
