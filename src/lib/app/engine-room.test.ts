import { describe, expect, test } from 'vitest';
import type { ModelId, Sha256 } from '../core/ids.ts';
import type { ModelSpec } from '../core/model-spec.ts';
import { scriptedModel } from '../testing/scripted-engine.ts';
import { engineBudget, engineBytes, engineRoom } from './engine-room.ts';

function model(bytes: number, tasks: ModelSpec['tasks'] = ['embed']): ModelSpec {
	const file = { path: 'weights', url: '', bytes, sha256: 'ab' as Sha256 };
	return { ...scriptedModel, id: `of ${bytes}` as ModelId, tasks, files: bytes > 0 ? [file] : [] };
}

describe('engineRoom', () => {
	test('there is room while all of them fit, with what they need besides their weights', () => {
		expect(engineRoom([model(100e6)], model(100e6), 260e6)).toBe('beside');
		expect(engineRoom([model(100e6)], model(100e6), 259e6)).toBe('in-turn');
		expect(engineRoom([model(100e6), model(50e6)], model(100e6), 260e6)).toBe('in-turn');
	});

	test('an engine that writes needs memory for its context, too', () => {
		const [writer, reader] = [model(100e6, ['generate']), model(100e6)];
		expect(engineBytes(writer)).toBeGreaterThan(engineBytes(reader));
	});

	test('what is built in, or computes elsewhere, takes nothing and always has room', () => {
		expect(engineRoom([model(9e9)], model(0), 1e6)).toBe('beside');
		expect(engineRoom([model(0)], model(9e9), 1e6)).toBe('beside');
	});

	test('there is room where nobody knows better', () => {
		expect(engineRoom([model(9e9)], model(9e9), null)).toBe('beside');
	});
});

test('engines may take half of the memory that the browser tells of', () => {
	expect([engineBudget(8), engineBudget(0.5), engineBudget(null)]).toEqual([4e9, 0.25e9, null]);
});
