/** What to do with a navigation: serve a precached page, send the browser to one, or ask the host. */
export type PageAnswer =
	| { readonly type: 'serve'; readonly path: string }
	| { readonly type: 'redirect'; readonly path: string }
	| { readonly type: 'network' };

/**
 * `pages` are the paths of the prerendered pages. Pages refer to their scripts relative to their own path, so a page
 * is served at exactly its path; other spellings (`/help/`, `/help.html`, `/index.html`) are sent there.
 */
export function pageFor(pathname: string, pages: readonly string[]): PageAnswer {
	if (pages.includes(pathname)) return { type: 'serve', path: pathname };
	const bare = pathname.replace(/(index)?\.html$/, '');
	const spellings = [bare, bare.replace(/\/$/, ''), `${bare}/`];
	const path = spellings.find((spelling) => pages.includes(spelling));
	return path === undefined ? { type: 'network' } : { type: 'redirect', path };
}
