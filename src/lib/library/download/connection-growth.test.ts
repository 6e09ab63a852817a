import { describe, expect, test } from 'vitest';
import { ConnectionGrowth } from './connection-growth.ts';

/** Asks every second; `rate` tells the bytes of each second from the connections open then. */
function played(seconds: number, rate: (connections: number) => number): string[] {
	const growth = new ConnectionGrowth(1000, 500);
	const decisions: string[] = [];
	let bytes = 500;
	let connections = 1;
	for (let second = 1; second <= seconds; second++) {
		bytes += rate(connections);
		const decision = growth.decide(1000 + second * 1000, bytes);
		if (decision === 'add') connections++;
		if (decision === 'drop') connections--;
		if (decision !== 'stay') decisions.push(`${decision} at ${second}`);
	}
	return decisions;
}

describe('ConnectionGrowth', () => {
	test('adds up to three while each makes it faster by a fifth', () => {
		expect(played(60, (connections) => connections * 100)).toEqual(['add at 3', 'add at 8']);
	});

	test('drops a connection that does not pay, and tries no more', () => {
		expect(played(60, () => 100)).toEqual(['add at 3', 'drop at 8']);
		expect(played(60, (connections) => 100 + Math.min(1, connections - 1) * 25)).toEqual([
			'add at 3',
			'add at 8',
			'drop at 13'
		]);
	});

	test('just below a fifth does not pay', () => {
		expect(played(10, (connections) => (connections > 1 ? 119 : 100))).toContain('drop at 8');
		expect(played(10, (connections) => (connections > 1 ? 120 : 100))).not.toContain('drop at 8');
	});

	test('adds nothing where nothing comes', () => {
		expect(played(60, () => 0)).toEqual([]);
	});

	test('adds nothing to what is faster than this machine can store', () => {
		expect(played(60, (connections) => connections * 60e6)).toEqual([]);
		expect(played(60, (connections) => connections * 40e6)).toEqual(['add at 3']);
	});

	test('changes nothing more once it was stopped', () => {
		const growth = new ConnectionGrowth(0, 0);
		growth.stop();
		expect(growth.decide(10_000, 10_000)).toBe('stay');
	});
});
