import { afterEach, beforeEach, expect, test } from 'vitest';
import { AllowedOrigins } from './allowed-origins.ts';

const scope = 'https://app.example/sam/';

async function deleteCaches(): Promise<void> {
	for (const name of await caches.keys()) await caches.delete(name);
}
beforeEach(deleteCaches);
afterEach(deleteCaches);

test('there are none until the user adds one', async () => {
	expect(await new AllowedOrigins(caches, scope).get()).toEqual([]);
});

test('a service worker that starts anew finds the list', async () => {
	await new AllowedOrigins(caches, scope).set(['http://localhost:8000']);
	expect(await new AllowedOrigins(caches, scope).get()).toEqual(['http://localhost:8000']);
});

test('a new list replaces the old one', async () => {
	const allowed = new AllowedOrigins(caches, scope);
	await allowed.set(['http://localhost:8000', 'https://a.example']);
	await allowed.set(['https://b.example']);
	expect(await allowed.get()).toEqual(['https://b.example']);
});

test('what is no origin is left out', async () => {
	const allowed = new AllowedOrigins(caches, scope);
	await allowed.set(['*', 'https://a.example/path', 'https://b.example']);
	expect(await allowed.get()).toEqual(['https://b.example']);
});

test('servers for engines and hosts for models are two lists', async () => {
	const servers = new AllowedOrigins(caches, scope, 'allowed-servers');
	await servers.set(['http://localhost:11434']);
	await new AllowedOrigins(caches, scope).set(['https://mirror.example']);
	expect(await servers.get()).toEqual(['http://localhost:11434']);
	expect(await new AllowedOrigins(caches, scope).get()).toEqual(['https://mirror.example']);
});

test('two copies of the app on one host keep lists of their own', async () => {
	await new AllowedOrigins(caches, scope).set(['https://a.example']);
	expect(await new AllowedOrigins(caches, 'https://app.example/').get()).toEqual([]);
});
