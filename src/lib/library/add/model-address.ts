/** A file of the user's disk with its place in the chosen folder. */
export interface LocalFile {
	/** Relative to the chosen folder, with `/`. */
	readonly path: string;
	readonly file: File;
}

/** Where the user says that a model is. */
export type ModelAddress =
	/** `owner/name`, `owner/name@revision`, a page of the hub, or the address of a folder that SAM has exported. */
	| { readonly kind: 'text'; readonly text: string }
	| {
			readonly kind: 'files';
			readonly files: readonly LocalFile[];
			/** Name of the chosen folder, for people. */
			readonly title?: string;
	  };
