import * as z from 'zod/mini';
import { AppError } from '../../core/errors.ts';
import type { Sha256 } from '../../core/ids.ts';
import type { RangeSource } from '../../ports/range-source.ts';
import type { ModelSource } from '../catalog/catalog-entry.ts';
import { askJson } from './ask-json.ts';
import { urlOfPlace } from './file-place.ts';
import type { PublishedFile, PublishedModel } from './model-hub.ts';
import { repositoryPath } from './repository-path.ts';

/** A thousand files each: no model has so many, so a longer list goes round in circles. */
const mostPages = 50;

const hex = (characters: number): z.ZodMiniString =>
	z.string().check(z.regex(new RegExp(`^[0-9a-f]{${characters}}$`)));
const commitId = hex(40);
const size = z.int().check(z.nonnegative());

const infoSchema = z.object({
	sha: commitId,
	lastModified: z.optional(z.string()),
	gated: z.optional(z.union([z.boolean(), z.string()])),
	/** Written by hand into the model card: anything can stand there. */
	cardData: z.optional(z.unknown()),
	tags: z.optional(z.array(z.string()))
});

const treeSchema = z.array(
	z.union([
		z.object({
			type: z.literal('file'),
			path: repositoryPath,
			size,
			oid: hex(40),
			lfs: z.optional(z.object({ oid: hex(64), size }))
		}),
		z.object({ type: z.string().check(z.refine((type) => type !== 'file')) })
	])
);

/**
 * A repository of the model hub as the host at `base` (with `/` at its end) lists it.
 * Errors: those of `ModelHub.read`.
 */
export async function listHuggingFace(
	ranges: RangeSource,
	base: string,
	source: ModelSource,
	revision: string,
	signal: AbortSignal
): Promise<PublishedModel> {
	const { repository } = source;
	const model = `${base}api/models/${repository}`;
	const ask = <T>(url: string, schema: z.ZodMiniType<T>) =>
		askJson(ranges, url, schema, signal).catch((error: unknown) => {
			throw translated(error, { host: new URL(base).host, repository, revision });
		});

	const info = await ask(`${model}/revision/${encodeURIComponent(revision)}`, infoSchema);
	const { sha: commit, gated, lastModified } = info.value;
	if (commitId.safeParse(revision).success && commit !== revision)
		throw unusable(base, 'it is of another commit');
	if (gated === true || typeof gated === 'string')
		throw new AppError('hub/gated', { details: { repository } });

	const tree = `${model}/tree/${commit}`;
	const files: PublishedFile[] = [];
	let query: string | null = '?recursive=true';
	for (let page = 0; query !== null; page++) {
		if (page === mostPages) throw unusable(base, `its list has more than ${mostPages} pages`);
		const answer: Awaited<ReturnType<typeof askPage>> = await askPage(tree + query);
		for (const row of answer.value)
			if ('path' in row) files.push(publishedFile(source, commit, row));
		query = nextQuery(answer.link, tree);
	}
	return { source, commit, files, licence: licenceOf(info.value), updatedAt: lastModified ?? null };

	function askPage(url: string) {
		return ask(url, treeSchema);
	}
}

type FileRow = Extract<z.infer<typeof treeSchema>[number], { path: string }>;

function publishedFile(
	source: ModelSource,
	commit: string,
	{ path, size: bytes, oid, lfs }: FileRow
): PublishedFile {
	const url = urlOfPlace({ source, revision: commit, path });
	return lfs
		? { path, url, bytes: lfs.size, sha256: lfs.oid as Sha256, gitBlob: null }
		: { path, url, bytes, sha256: null, gitBlob: oid };
}

/**
 * Where the list goes on, e.g. `<https://…/tree/…?recursive=true&cursor=…>; rel="next"`. Only its query counts: a mirror
 * may pass on the address of the official host.
 */
function nextQuery(link: string | null, tree: string): string | null {
	const next = /<([^>]+)>\s*;\s*rel="?next"?/.exec(link ?? '')?.[1];
	return next === undefined ? null : new URL(next, tree).search;
}

/** The hub answers 401 for what does not exist too, so as not to give away what is private. */
function translated(
	error: unknown,
	details: { readonly host: string; readonly repository: string; readonly revision: string }
): unknown {
	if (!(error instanceof AppError) || error.code !== 'download/http') return error;
	const { status } = error.details;
	if (status === 403) return new AppError('hub/gated', { details, cause: error });
	if (status === 401 || status === 404)
		return new AppError('hub/not-found', { details, cause: error });
	return error;
}

function unusable(base: string, reason: string): AppError {
	return new AppError('hub/bad-answer', { details: { host: new URL(base).host, reason } });
}

function licenceOf({ cardData, tags }: z.infer<typeof infoSchema>): string | null {
	const card = z.object({ license: z.string() }).safeParse(cardData);
	const named = z.object({ license_name: z.string() }).safeParse(cardData);
	if (card.success && card.data.license === 'other' && named.success)
		return named.data.license_name;
	if (card.success) return card.data.license;
	return tags?.find((tag) => tag.startsWith('license:'))?.slice('license:'.length) ?? null;
}
