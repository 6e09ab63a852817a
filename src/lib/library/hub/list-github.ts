import * as z from 'zod/mini';
import { AppError } from '../../core/errors.ts';
import type { RangeSource } from '../../ports/range-source.ts';
import type { ModelSource } from '../catalog/catalog-entry.ts';
import { askJson } from './ask-json.ts';
import { urlOfPlace } from './file-place.ts';
import type { PublishedFile, PublishedModel } from './model-hub.ts';
import { repositoryPath } from './repository-path.ts';

const sha = z.string().check(z.regex(/^[0-9a-f]{40}$/));

const commitSchema = z.object({
	sha,
	commit: z.object({ committer: z.nullable(z.object({ date: z.string() })) })
});

const treeSchema = z.object({
	truncated: z.boolean(),
	tree: z.array(
		z.object({
			path: repositoryPath,
			type: z.string(),
			sha,
			/** Files alone have one. */
			size: z.optional(z.int())
		})
	)
});

/** Also for a repository without commits, and for a name that is no commit. */
const notFound: readonly unknown[] = [404, 409, 422];

/**
 * A repository of GitHub, asked at `api` (with `/` at its end). It answers 60 questions an hour, so none is asked for
 * what is known. Errors: those of `ModelHub.read` but `hub/gated`.
 */
export async function listGithub(
	ranges: RangeSource,
	api: string,
	source: ModelSource,
	revision: string,
	signal: AbortSignal
): Promise<PublishedModel> {
	const host = new URL(api).host;
	const { repository } = source;
	const ask = <T>(path: string, schema: z.ZodMiniType<T>): Promise<T> =>
		askJson(ranges, `${api}repos/${repository}/${path}`, schema, signal).then(
			({ value }) => value,
			(error: unknown) => {
				if (error instanceof AppError && notFound.includes(error.details.status))
					throw new AppError('hub/not-found', {
						details: { host, repository, revision },
						cause: error
					});
				throw error;
			}
		);

	const { commit, updatedAt } = await latest();
	const { tree, truncated } = await ask(`git/trees/${commit}?recursive=1`, treeSchema);
	if (truncated)
		throw new AppError('hub/bad-answer', {
			details: { host, reason: 'its list of files is cut short' }
		});
	const files = tree
		.filter(({ type }) => type === 'blob')
		.map(({ path, sha: gitBlob, size }): PublishedFile => {
			const url = urlOfPlace({ source, revision: commit, path });
			return { path, url, bytes: size ?? 0, sha256: null, gitBlob };
		});
	return { source, commit, files, licence: null, updatedAt };

	async function latest(): Promise<Pick<PublishedModel, 'commit' | 'updatedAt'>> {
		if (sha.safeParse(revision).success) return { commit: revision, updatedAt: null };
		// One file of the change is the least that can be asked for.
		const found = await ask(`commits/${encodeURIComponent(revision)}?per_page=1`, commitSchema);
		return { commit: found.sha, updatedAt: found.commit.committer?.date ?? null };
	}
}
