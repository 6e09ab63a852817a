import * as z from 'zod/mini';

/** A file's path as a host lists it: one that leads nowhere else. */
export const repositoryPath = z
	.string()
	.check(z.refine((path) => path.split('/').every((name) => !['', '.', '..'].includes(name))));
