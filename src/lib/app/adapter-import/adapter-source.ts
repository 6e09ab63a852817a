import type { LocalFile } from '../../library/add/model-address.ts';

/** Where the user says that an adapter is. */
export type AdapterSource =
	/** `owner/name`, `owner/name@revision`, a page of the hub, or the https address of a folder. */
	| { readonly kind: 'address'; readonly text: string }
	| {
			readonly kind: 'files';
			readonly files: readonly LocalFile[];
			/** Name of the chosen folder; null for files that were chosen one by one. */
			readonly folder: string | null;
	  };
