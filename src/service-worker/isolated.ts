import { crossOriginIsolation } from '../../scripts/cross-origin-isolation.mjs';

/**
 * The same response, with the headers that pages and the scripts of workers need to share memory between threads. One
 * that sends the browser elsewhere is left as it is.
 */
export function isolated(response: Response): Response {
	const isRedirect = response.type === 'opaqueredirect' || response.headers.has('location');
	if (isRedirect || response.type === 'error') return response;
	const headers = new Headers(response.headers);
	for (const [name, value] of Object.entries(crossOriginIsolation)) headers.set(name, value);
	const { status, statusText } = response;
	return new Response(response.body, { status, statusText, headers });
}
