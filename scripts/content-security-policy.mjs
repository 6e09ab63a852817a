/**
 * The one Content-Security-Policy of the app. SvelteKit writes it into every page (with the hash of its start
 * script); the service worker adds it as a header to worker scripts, because a policy in a page's <meta> does
 * not bind workers.
 *
 * `connect-src` lists the model hosts of the catalog; only what the user adds in Settings can be reached besides.
 * @type {Record<string, string[]>}
 */
export const contentSecurityPolicy = {
	'default-src': ['none'],
	'script-src': ['self', 'wasm-unsafe-eval'],
	// The hash is the inline style of SvelteKit's route announcer.
	'style-src': ['self', 'unsafe-hashes', 'sha256-S8qMpvofolR8Mpjy4kQvEm7m1q8clzU4dfDH0AmvZjo='],
	'img-src': ['self', 'data:', 'blob:'],
	'font-src': ['self'],
	'connect-src': [
		'self',
		'https://huggingface.co',
		'https://*.hf.co',
		'https://api.github.com',
		'https://raw.githubusercontent.com'
	],
	'worker-src': ['self'],
	'manifest-src': ['self'],
	'base-uri': ['self'],
	'form-action': ['none'],
	'object-src': ['none']
};
