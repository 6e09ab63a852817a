import { resolve } from '$app/paths';

/** The app's root with the base path, `/` or `/somewhere/`. */
const root = resolve('/');

/** A path of the app, `/memory/engines`, as a link: with the base path before it. */
export function href(path: string): string {
	return root + path.slice(1);
}

/** The other way round: where in the app a URL's path is. */
export function pathInApp(pathname: string): string {
	return pathname.slice(root.length - 1);
}
