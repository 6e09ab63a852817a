import { flushSync } from 'svelte';
import { expect, test } from 'vitest';
import { App } from './app.ts';
import { pageView } from './page-view.svelte.ts';

class Counter {
	count = $state(0);
	readonly doubled = $derived(this.count * 2);
}

/** All that a view asks it for here is to be one. */
const appOf = (): App => Object.create(App.prototype) as App;

test('is made when a page first asks for it, and is the same on every page after', () => {
	const made: App[] = [];
	const counter = pageView((app) => {
		made.push(app);
		return new Counter();
	});
	const [app, other] = [appOf(), appOf()];
	expect(made).toEqual([]);
	expect(counter(app)).toBe(counter(app));
	expect(counter(other)).not.toBe(counter(app));
	expect(made).toHaveLength(2);
});

test('what it derives outlives the page that asked first', () => {
	const counter = pageView(() => new Counter());
	const app = appOf();
	const leave = $effect.root(() => {
		$effect(() => {
			expect(counter(app).doubled).toBe(0);
		});
	});
	flushSync();
	leave();
	counter(app).count = 4;
	expect(counter(app).doubled).toBe(8);
});
