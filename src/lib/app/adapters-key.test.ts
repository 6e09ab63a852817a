import { expect, test } from 'vitest';
import type { AdapterId } from '../core/ids.ts';
import type { AdapterUse } from '../core/setup.ts';
import { adaptersKey } from './adapters-key.ts';

const use = (id: string, strength = 1): AdapterUse => ({ adapter: id as AdapterId, strength });

test('the order of adapters makes no other engine', () => {
	expect(adaptersKey([use('a'), use('b', 0.5)])).toBe(adaptersKey([use('b', 0.5), use('a')]));
});

test.each([
	['another adapter', [use('b')]],
	['another strength', [use('a', 0.5)]],
	['one more', [use('a'), use('b')]],
	['none', []]
])('%s does', (_, uses) => {
	expect(adaptersKey(uses)).not.toBe(adaptersKey([use('a')]));
});
