import type { App } from './app.ts';

/**
 * A view that only some pages need. It comes with the code of the first page that asks for it, is made then, and stays
 * for the life of the tab: `const history = historyView(useApp())`. Views that the shell or the chat need are the app's.
 */
export function pageView<View>(create: (app: App) => View): (app: App) => View {
	const made = new WeakMap<App, { readonly view: View }>();
	return (app) => {
		const known = made.get(app) ?? outlivingPages(() => create(app));
		made.set(app, known);
		return known.view;
	};
}

/** What is derived while a page is set up would end with that page. */
function outlivingPages<View>(create: () => View): { readonly view: View } {
	let made: { readonly view: View } | undefined;
	$effect.root(() => {
		made = { view: create() };
	});
	if (!made) throw new Error('A root effect runs at once.');
	return made;
}
