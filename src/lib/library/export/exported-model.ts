import * as z from 'zod/mini';
import type { EntryId, ModelId, Sha256 } from '../../core/ids.ts';
import type { ModelFile, ModelSpec } from '../../core/model-spec.ts';
import { notAModel } from '../add/not-a-model.ts';
import type { FrozenModel, ModelAbout } from '../frozen-model.ts';

/** Name of the file that makes a folder an exported model. Written last. */
export const exportFileName = 'sam-model.json';

/** What stands in it. */
export interface ExportedModel {
	readonly version: 1;
	readonly spec: Omit<ModelSpec, 'files'>;
	readonly about: ModelAbout;
	readonly files: readonly Omit<ModelFile, 'url'>[];
}

// The content security policy forbids what zod compiles at run time; asking for it would be reported each time.
z.config({ jitless: true });

const name = z.string().check(z.minLength(1));
const positive = z.int().check(z.positive());
const id = z.string().check(z.regex(/^[a-z0-9][\w.@-]*$/));
const path = z.string().check(z.regex(/^(?!\/)(?!.*(?:^|\/)\.{1,2}(?:\/|$))[^\\]+$/));
const sha256 = z.custom<Sha256>((value) => /^[0-9a-f]{64}$/.test(String(value)));

const embedding = z.object({
	dims: positive,
	pooling: z.enum(['mean', 'cls', 'last', 'none']),
	prefixes: z.object({ query: z.string(), passage: z.string() }),
	normalise: z.boolean(),
	maxTokens: z.nullable(positive)
});

const spec = z.object({
	id: z.pipe(
		id,
		z.transform((text) => text as ModelId)
	),
	...{ name, engine: name, revision: name, contextTokens: positive },
	tasks: z.array(z.enum(['generate', 'embed'])).check(z.minLength(1)),
	dtype: z.nullable(name),
	embedding: z.nullable(embedding),
	modelLibrary: z._default(z.nullable(z.object({ abi: z.string(), path })), null),
	reasoning: z.exactOptional(z.nullable(z.object({ open: name, close: name, opened: z.boolean() })))
});

const about = z.object({
	entry: z.pipe(
		id,
		z.transform((text) => text as EntryId)
	),
	...{ family: z.string(), summary: z.string(), parameters: z.nullable(positive) },
	needs: z.array(z.string()),
	replaces: z.array(z.custom<EntryId>((value) => typeof value === 'string')),
	licence: z.nullable(z.object({ name, url: z.string() })),
	source: z.nullable(z.object({ host: z.enum(['huggingface', 'github']), repository: z.string() })),
	origin: z.enum(['catalog', 'hub', 'address', 'files']),
	integrity: z.enum(['built-in', 'catalog', 'publisher', 'computed'])
});

const files = z.array(z.object({ path, bytes: positive, sha256 })).check(z.minLength(1));

// Fields that a later SAM may add are left out, not refused: only the version says that it means something else.
const exported = z.object({ version: z.literal(1), spec, about, files });

/** Reads `sam-model.json`. Errors: `add/not-a-model`, whose reason names the first fault, or the newer version. */
export function parseExportedModel(text: string, title: string): ExportedModel {
	let json: unknown;
	try {
		json = JSON.parse(text);
	} catch {
		throw notAModel(title, `${exportFileName} is not JSON`);
	}
	const version = z.object({ version: positive }).safeParse(json).data?.version;
	if (version !== undefined && version > 1)
		throw notAModel(title, `${exportFileName} was written by a newer SAM (version ${version})`);
	const result = exported.safeParse(json);
	if (result.success) return result.data;
	const place = result.error.issues[0]?.path.join('.') ?? '';
	throw notAModel(title, `${exportFileName} is damaged at ${place === '' ? 'its start' : place}`);
}

/** What to write for a model. */
export function exportedModelOf({ spec, about }: FrozenModel): ExportedModel {
	const { files, modelLibrary = null, ...rest } = spec;
	const described = files.map(({ path, bytes, sha256 }) => ({ path, bytes, sha256 }));
	return { version: 1, spec: { ...rest, modelLibrary }, about, files: described };
}
