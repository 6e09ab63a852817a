import type { ModelFiles } from './engine-contract.ts';

/** The files of a built-in model; also what a client passes on, since its worker opens the files itself. */
export const noFiles: ModelFiles = { paths: [], open: () => Promise.resolve(undefined) };
