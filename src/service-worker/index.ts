import { build, files, prerendered, version } from '$service-worker';
import { PrecacheController, PrecacheRoute } from 'workbox-precaching';
import { NavigationRoute, registerRoute } from 'workbox-routing';
import { contentSecurityPolicy } from '../../scripts/content-security-policy.mjs';
import { AllowedOrigins } from './allowed-origins.ts';
import { fillPrecache } from './fill-precache.ts';
import { isolated } from './isolated.ts';
import { parseMessage, type ServiceWorkerMessage } from './message.ts';
import { pageFor } from './page-for.ts';
import { isPrecached } from './precache-rule.ts';
import { RuntimeCache } from './runtime-cache.ts';
import { startsWorker, withPolicy, workerPolicy } from './worker-csp.ts';
import { workerFiles } from './worker-files.ts';

declare const self: ServiceWorkerGlobalScope;

const scope = self.registration.scope;
const precache = new PrecacheController();
const runtime = new RuntimeCache({ caches, fetch: (url) => fetch(url), scope, version });
const hosts = new AllowedOrigins(caches, scope, 'allowed-origins');
const servers = new AllowedOrigins(caches, scope, 'allowed-servers');

/** The script of a worker, bound to the policy of the pages and to the connections that it needs, and set apart as they are. */
async function workerScript(request: Request): Promise<Response> {
	const response =
		(await precache.matchPrecache(request.url)) ??
		(runtime.accepts(request.url) ? await runtime.respond(request.url) : await fetch(request));
	const allowed = { hosts: await hosts.get(), servers: await servers.get() };
	const policy = workerPolicy(request.url, contentSecurityPolicy, allowed);
	return isolated(withPolicy(response, policy));
}

async function page(url: URL, request: Request): Promise<Response> {
	const answer = pageFor(url.pathname, prerendered);
	if (answer.type === 'redirect') return Response.redirect(answer.path + url.search);
	const kept = await precache.matchPrecache(answer.type === 'serve' ? answer.path : request.url);
	if (kept) return isolated(kept);
	// An address that is not known here: the host answers with its own page, and offline there is the start page.
	return fetch(request).then(isolated, () => Response.redirect(scope));
}

// The first route that matches answers; requests without a route (models, other hosts) are left alone.
registerRoute(
	({ request, sameOrigin }) => sameOrigin && startsWorker(request),
	({ request }) => workerScript(request)
);
// Before the files of the precache, which would answer without the headers of a page.
registerRoute(new NavigationRoute(({ url, request }) => page(url, request)));
precache.addToCacheList([
	...build.filter(isPrecached).map((url) => ({ url, revision: null })),
	...[...files, ...prerendered].map((url) => ({ url, revision: version }))
]);
registerRoute(new PrecacheRoute(precache, { cleanURLs: false }));
registerRoute(
	({ url }) => runtime.accepts(url.href),
	({ url }) => runtime.respond(url.href)
);

self.addEventListener('install', (event) => {
	event.waitUntil(Promise.all([fillPrecache(precache, event), keepWorkerFiles()]));
});

/**
 * What the light workers import is there from the start, as the workers are. Of the runtimes of engines, those that the
 * version before had kept: an engine that was ready offline stays so.
 */
async function keepWorkerFiles(): Promise<void> {
	const absolute = (path: string): string => new URL(path, scope).href;
	const known = build.map(absolute);
	const listed = await workerFiles(scope, (url) => fetch(url, { cache: 'no-store' }));
	const others = listed.map(absolute).filter((url) => !known.includes(url));
	const light = others.filter((url) => isPrecached(url));
	const onDemand = [...known, ...others].filter((url) => !isPrecached(url));
	for (const outcome of [await runtime.install(light), await runtime.carryOver(onDemand)]) {
		// The version in use stays, with all that works offline, and the browser tries again later.
		if (!outcome.ok) throw new Error(`Could not fetch ${outcome.failed.join(', ')}`);
	}
}

self.addEventListener('activate', (event) => {
	const tidyUp = Promise.all([precache.activate(event), runtime.deleteOlder()]);
	event.waitUntil(tidyUp.then(() => self.clients.claim()));
});

self.addEventListener('message', (event) => {
	const message = parseMessage(event.data);
	if (!message) return;
	event.waitUntil(
		answer(message).then((reply) => {
			event.ports[0]?.postMessage(reply);
		})
	);
});

async function answer(message: ServiceWorkerMessage): Promise<object> {
	const absolute = (urls: readonly string[]): string[] =>
		urls.map((url) => new URL(url, scope).href);
	switch (message.type) {
		case 'activate':
			await self.skipWaiting();
			return { ok: true };
		case 'claim':
			await self.clients.claim();
			return { ok: true };
		case 'install':
			return runtime.install(absolute(message.urls));
		case 'missing':
			return { ok: true, missing: await runtime.missing(absolute(message.urls)) };
		case 'allow-origins':
			await hosts.set(message.origins);
			return { ok: true };
		case 'allow-servers':
			await servers.set(message.origins);
			return { ok: true };
	}
}
