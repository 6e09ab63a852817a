/** `npm run catalog:schema`: writes `static/catalog.schema.json` from the schema that the app checks. `tests/catalog.test.ts` checks it. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { toJSONSchema } from 'zod/mini';
import { catalogSchema } from '../src/lib/library/catalog/catalog-schema.ts';

const file = join(import.meta.dirname, '..', 'static', 'catalog.schema.json');

/** The whole file. Rules that join several fields are not in it: only the app checks them. */
export async function catalogSchemaJson(): Promise<string> {
	const schema = toJSONSchema(catalogSchema, { target: 'draft-7', io: 'input' });
	const json = JSON.stringify({ ...schema, title: 'The model catalog of SAM' });
	return format(json, { ...(await resolveConfig(file)), filepath: file });
}

if (import.meta.main) writeFileSync(file, await catalogSchemaJson());
