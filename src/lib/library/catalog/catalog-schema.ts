import * as z from 'zod/mini';
import type { EntryId, Sha256 } from '../../core/ids.ts';
import { entryFaults, replacementFaults } from './catalog-rules.ts';

// The content security policy forbids what zod compiles at run time; asking for it would be reported each time.
z.config({ jitless: true });

/** Of `static/catalog.json`. Another version is written for another version of the app. */
export const catalogVersion = 2;

// No flags: the patterns also go into the JSON schema, which has none.
const name = text('text without blanks at its ends', /^\S(.*\S)?$/);
const entryId = branded<EntryId>('an id of a-z, 0-9, "." and "-"', /^[a-z0-9][a-z0-9.-]*$/);
const engineKind = text('the kind of an engine, of a-z, 0-9 and "-"', /^[a-z][a-z0-9-]*$/);
const sha256 = branded<Sha256>('64 lower-case hex characters', /^[0-9a-f]{64}$/);
const https = text('an https address', /^https:\/\/[^\s/]+(\/\S*)?$/);
/** Within our own origin, or over TLS: nothing else is ever downloaded. */
const address = text(
	'a relative or https address',
	/^(https:\/\/[^\s/]+\/\S*|(?![A-Za-z][A-Za-z0-9+.-]*:|\/\/)\S+)$/
);
const filePath = text(
	'a path within the model, without ".."',
	/^(?!\/)(?!.*(?:^|\/)\.{1,2}(?:\/|$))[^\\\s]+$/
);
const positive = z.int().check(z.positive());

const catalogFile = z.strictObject({
	path: about(
		filePath,
		'Within the repository. With integrity "publisher", * stands for any characters but /.'
	),
	url: about(
		z.nullable(address),
		'Where it lies when that is not the repository: https, or relative to the catalog.'
	),
	bytes: about(z.nullable(positive), 'Size. Null where only the publisher can tell.'),
	sha256: about(z.nullable(sha256), 'Digest. Null where only the publisher can tell.')
});

const embedding = z.strictObject({
	dims: about(positive, 'Numbers in a vector.'),
	pooling: about(
		z.enum(['mean', 'cls', 'last', 'none']),
		'How the vectors of the tokens become one; "none" where the model does it.'
	),
	prefixes: about(
		z.strictObject({ query: z.string(), passage: z.string() }),
		'Written before each text, as the model was trained.'
	),
	normalise: about(z.boolean(), 'Whether vectors are brought to length 1.'),
	maxTokens: about(z.nullable(positive), 'Longer texts are cut. Null where there is no limit.')
});

const modelLibrary = z.strictObject({
	abi: about(name, 'As the runtime names it, e.g. "v0_2_86/base": it fits no other.'),
	path: about(filePath, 'Path of the file among the files.')
});

const reasoning = z.strictObject({
	open: about(name, 'What the model writes before it thinks, e.g. "<think>".'),
	close: about(name, 'What it writes before it answers, e.g. "</think>".'),
	opened: about(z.boolean(), 'Whether the chat template writes the opening mark itself.')
});

const source = z.strictObject({
	host: z.enum(['huggingface', 'github']),
	repository: about(
		text('an owner and a name: owner/name', /^[\w.-]+\/[\w.-]+$/),
		'owner/name on that host.'
	)
});

const licence = z.strictObject({ name, url: about(https, 'Its text.') });

const catalogEntry = z
	.strictObject({
		id: about(entryId, 'Never changes: people have the model under this id.'),
		name: about(name, 'For people; no two models share one.'),
		family: about(name, 'What variants of one model have in common.'),
		summary: about(name, 'One sentence for people: what it is good for, and what not.'),
		engine: about(
			engineKind,
			'Kind of engine: starter, transformers, webllm, deepseek, or a plugin.'
		),
		tasks: about(
			z.array(z.enum(['generate', 'embed'])).check(z.minLength(1), distinct()),
			'What it can do.'
		),
		parameters: about(z.nullable(positive), 'Number of weights.'),
		dtype: about(z.nullable(name), 'Quantisation as the runtime names it: q8, q4f16, q4f16_1.'),
		contextTokens: about(positive, 'Prompt plus answer, in tokens.'),
		embedding: about(z.nullable(embedding), 'For models that embed; null for all others.'),
		licence: about(licence, 'Of the weights.'),
		source: about(z.nullable(source), 'The public repository of its files.'),
		revision: about(name, 'Commit of the repository, or a branch; version of a built-in model.'),
		integrity: about(
			z.enum(['built-in', 'catalog', 'publisher']),
			'Who vouches for the bytes: nobody has to, this catalog, or the list of files of the host.'
		),
		files: about(z.array(catalogFile).check(distinctBy('path')), 'Empty for built-in models.'),
		needs: about(
			z.array(name).check(distinct()),
			'Besides what engine and quantisation imply: webgpu, cross-origin-isolated, GPU features.'
		),
		replaces: about(
			z.array(entryId).check(distinct()),
			'Models that this one is a better choice than.'
		),
		modelLibrary: about(
			z.nullable(modelLibrary),
			'Compiled code that belongs to the weights; null for runtimes without.'
		),
		reasoning: about(
			z.exactOptional(z.nullable(reasoning)),
			'How the model tells what it thinks from what it answers; left out where it does not think.'
		)
	})
	.check(({ value, issues }) => {
		for (const fault of entryFaults(value)) issues.push({ ...fault, code: 'custom', input: value });
	});

/** `static/catalog.json`: what can be installed, and what is known of every file of it. */
export const catalogSchema = z
	.strictObject({
		$schema: z.optional(z.string()),
		version: z.literal(catalogVersion),
		models: z.array(catalogEntry).check(distinctBy('id'), distinctBy('name'))
	})
	.check(({ value, issues }) => {
		for (const fault of replacementFaults(value.models))
			issues.push({ ...fault, code: 'custom', input: value });
	});

function text(what: string, pattern: RegExp): z.ZodMiniString {
	return z.string().check(z.regex(pattern, `must be ${what}`));
}

/** The one place where checked strings become ids and digests. */
function branded<T extends string>(what: string, pattern: RegExp): z.ZodMiniType<T, string> {
	return text(what, pattern) as z.ZodMiniType<string, string> as z.ZodMiniType<T, string>;
}

/** For the JSON schema, which editors show. */
function about<T extends z.ZodMiniType>(schema: T, description: string): T {
	return schema.check(z.describe(description));
}

function distinct<T>(): z.core.$ZodCheck<T[]> {
	return z.refine((values) => new Set(values).size === values.length, 'must not repeat anything');
}

function distinctBy<K extends string, T extends Record<K, unknown>>(key: K): z.core.$ZodCheck<T[]> {
	return z.refine(
		(rows) => new Set(rows.map((row) => row[key])).size === rows.length,
		`must not have the same ${key} twice`
	);
}
