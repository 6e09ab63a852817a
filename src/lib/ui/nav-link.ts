/** An entry of a navigation: a path within the app, starting with `/`. */
export interface NavLink {
	readonly label: string;
	readonly path: string;
	/** The link is current for every page below this path; default: for its own path alone. */
	readonly section?: string;
}

/** Whether that link leads to where `path` is. Both are paths within the app, without the base path. */
export function isCurrent(link: NavLink, path: string): boolean {
	const here = path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
	if (here === link.path) return true;
	return (
		link.section !== undefined && (here === link.section || here.startsWith(`${link.section}/`))
	);
}
