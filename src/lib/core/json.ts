/** What survives JSON, IndexedDB and a worker boundary unchanged. */
export type Json =
	null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };
