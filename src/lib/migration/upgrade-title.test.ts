import { expect, test } from 'vitest';
import type { IndexId } from '../core/ids.ts';
import type { Setup } from '../core/setup.ts';
import { indexSpecOf } from '../knowledge/index-spec.ts';
import { models } from '../testing/migration-world.ts';
import { scriptedChoice } from '../testing/setup-with.ts';
import type { PlannedStep } from './plan.ts';
import { upgradeTitle } from './upgrade-title.ts';

const other = { ...scriptedChoice('2'), model: models.new.id };
const from: Setup = {
	chat: scriptedChoice('1'),
	embedding: scriptedChoice('1'),
	index: 'a' as IndexId,
	adapters: []
};

/** Builds the index with passages of that size, the so manieth time. */
function build(size: number, generation: number): PlannedStep {
	const chunker = { kind: 'structure', version: 1, size, overlap: 60 } as const;
	const indexSpec = indexSpecOf(models.old, chunker, generation);
	const params = { spec: models.old, indexSpec, index: 'b' as IndexId };
	return { id: 'build-index', kind: 'build-index', params };
}

const anotherIndex = { index: 'b' as IndexId };

test.each<[string, Partial<Setup>, readonly PlannedStep[]]>([
	['Chat: Scripted 1 → Scripted 2', { chat: other }, []],
	['Search: Scripted 1 → Scripted 2', { embedding: other, ...anotherIndex }, [build(500, 0)]],
	[
		'Chat: Scripted 1 → Scripted 2 · Search: Scripted 1 → Scripted 2',
		{ chat: other, embedding: other, ...anotherIndex },
		[]
	],
	['Index rebuilt', anotherIndex, [build(900, 1)]],
	['Index rebuilt', anotherIndex, []],
	['Passages of 500 characters', anotherIndex, [build(500, 0)]],
	[
		'Chat: Scripted 1 → Scripted 2 · Passages of 500 characters',
		{ chat: other, ...anotherIndex },
		[build(500, 0)]
	],
	['Nothing changed', {}, []]
])('%s', (title, changes, steps) => {
	expect(upgradeTitle({ from, to: { ...from, ...changes }, steps })).toBe(title);
});
