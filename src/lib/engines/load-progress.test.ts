import { describe, expect, it } from 'vitest';
import type { Progress } from './engine-contract.ts';
import { LoadProgress } from './load-progress.ts';

function tracked(...sizes: number[]): { progress: LoadProgress; seen: Progress[] } {
	const seen: Progress[] = [];
	const files = sizes.map((bytes) => ({ bytes }));
	return { progress: new LoadProgress(files, (step) => seen.push(step)), seen };
}

describe('LoadProgress', () => {
	it('adds up the files', () => {
		const { progress, seen } = tracked(10, 5);
		progress.read('a', 4);
		progress.read('b', 5);
		progress.read('a', 10);
		expect(seen).toEqual([
			{ done: 4, total: 15 },
			{ done: 9, total: 15 },
			{ done: 15, total: 15 }
		]);
	});

	it('says nothing of a file that is read again', () => {
		const { progress, seen } = tracked(10);
		progress.read('a', 10);
		progress.read('a', 4);
		progress.read('a', 10);
		expect(seen).toHaveLength(1);
	});

	it('never goes over the total', () => {
		const { progress, seen } = tracked(10);
		progress.read('a', 10);
		progress.read('unlisted', 10);
		expect(seen.at(-1)).toEqual({ done: 10, total: 10 });
	});

	it('says where it is when asked to, and at the end that all is done', () => {
		const { progress, seen } = tracked(10, 5);
		progress.read('a', 10);
		progress.tell();
		progress.finish();
		expect(seen.map(({ done }) => done)).toEqual([10, 10, 15]);
	});
});
