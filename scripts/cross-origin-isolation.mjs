/**
 * Headers that keep the app apart from pages of other origins. Only so do browsers let WebAssembly share memory between
 * threads. `scripts/serve.mjs` and the development server send them; for hosts that cannot, the service worker adds
 * them from the second visit on.
 * @type {Readonly<Record<string, string>>}
 */
export const crossOriginIsolation = {
	'cross-origin-opener-policy': 'same-origin',
	'cross-origin-embedder-policy': 'require-corp'
};
