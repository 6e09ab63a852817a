import type { ModelFiles } from '../engines/engine-contract.ts';

/** The files of a model that has none. */
export const noFiles: ModelFiles = { paths: [], open: () => Promise.resolve(undefined) };
