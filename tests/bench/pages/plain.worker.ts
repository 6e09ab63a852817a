import { answerWithTime } from './answer-with-time.ts';

const name = 'bench-plain';

answerWithTime(
	async (url: string) => {
		const cache = await caches.open(name);
		await cache.put('https://bench.invalid/file', await fetch(url, { cache: 'no-store' }));
	},
	() => caches.delete(name)
);
