import * as z from 'zod/mini';
import type { ModelId, Sha256 } from '../../core/ids.ts';

// The content security policy forbids what zod compiles at run time; asking for it would be reported each time.
z.config({ jitless: true });

function text(what: string, pattern: RegExp): z.ZodMiniString {
	return z.string().check(z.regex(pattern, `must be ${what}`));
}

function matching<T extends string>(what: string, pattern: RegExp): z.ZodMiniCustom<T> {
	return z.custom<T>(
		(value) => typeof value === 'string' && pattern.test(value),
		`must be ${what}`
	);
}

const modelId = matching<ModelId>('an id of a-z, 0-9, "." and "-"', /^[a-z0-9][a-z0-9.-]*$/);
const sha256 = matching<Sha256>('64 lower-case hex characters', /^[0-9a-f]{64}$/);
const positive = z.int().check(z.positive());
/** Within our own origin, or over TLS: nothing else is ever downloaded. */
const address = text(
	'a relative or https address',
	/^(https:\/\/[^\s/]+\/\S*|(?![a-z]+:|\/\/)\S+)$/i
);
const filePath = text(
	'a path within the model, without ".."',
	/^(?!\/)(?!.*(?:^|\/)\.{1,2}(?:\/|$))[^\\\s]+$/
);
const name = z.string().check(z.trim(), z.minLength(1));

const modelFile = z.strictObject({ path: filePath, url: address, bytes: positive, sha256 });

const embedding = z.strictObject({
	dims: positive,
	pooling: z.enum(['mean', 'cls', 'last', 'none']),
	prefixes: z.strictObject({ query: z.string(), passage: z.string() }),
	normalise: z.boolean(),
	maxTokens: z.nullable(positive)
});

const tasks = z.array(z.enum(['generate', 'embed'])).check(z.minLength(1), distinct());

const catalogEntry = z
	.strictObject({
		id: modelId,
		name,
		engine: name,
		revision: name,
		tasks,
		contextTokens: positive,
		dtype: z.nullable(name),
		embedding: z.nullable(embedding),
		files: z.array(modelFile).check(distinctBy('path')),
		family: name,
		summary: name,
		parameters: z.nullable(positive),
		licence: z.strictObject({ name, url: address }),
		source: z.nullable(address),
		needs: z.array(name).check(distinct()),
		replaces: z.array(modelId).check(distinct())
	})
	.check(
		z.refine((entry) => entry.tasks.includes('embed') === (entry.embedding !== null), {
			path: ['embedding'],
			error: 'must be given for models that embed, and null for all others'
		})
	);

/** `static/catalog.json`: what can be installed, and the digest of every byte of it. */
export const catalogSchema = z.strictObject({
	version: z.literal(1),
	models: z.array(catalogEntry).check(distinctBy('id'))
});

function distinct<T>(): z.core.$ZodCheck<T[]> {
	return z.refine((values) => new Set(values).size === values.length, 'must not repeat anything');
}

function distinctBy<K extends string, T extends Record<K, unknown>>(key: K): z.core.$ZodCheck<T[]> {
	return z.refine(
		(rows) => new Set(rows.map((row) => row[key])).size === rows.length,
		`must not have the same ${key} twice`
	);
}
